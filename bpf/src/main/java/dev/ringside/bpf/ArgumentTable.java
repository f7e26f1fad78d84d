package dev.ringside.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// What arguments are read of which function, for the programs of `function_arguments.bpf.h`.
///
/// @param byFunction the arguments of each function, by its number
public record ArgumentTable(List<List<FunctionArgument>> byFunction) {
  private static final int MOST = 64; // ARGUMENT_PATHS
  private static final int MOST_OF_ONE = 8; // ARGUMENTS

  // struct argument_path, and enum argument_kind.
  private static final int PATH_BYTES = 40;
  private static final int OFFSETS = 4;
  private static final int LAST = 36;
  private static final int WORD = 0;
  private static final int NUMBER = 1;
  private static final int TEXT = 2;

  /// Bytes that an argument takes in an event, the number of bytes that were read first: `struct
  /// argument`.
  public static final int ARGUMENT_BYTES = 4 + 128;

  /// @throws IllegalArgumentException when they are too many
  public ArgumentTable {
    byFunction = byFunction.stream().map(List::copyOf).toList();
    int all = byFunction.stream().mapToInt(List::size).sum();
    if (all > MOST)
      throw new IllegalArgumentException(
          all + " arguments of all functions together, and at most " + MOST + " are read");
    if (byFunction.stream().anyMatch(of -> of.size() > MOST_OF_ONE))
      throw new IllegalArgumentException(
          "at most " + MOST_OF_ONE + " arguments of one function are read");
  }

  public boolean isEmpty() {
    return byFunction.stream().allMatch(List::isEmpty);
  }

  public void apply(Probe probe) {
    var first = new byte[byFunction.size()];
    var count = new byte[byFunction.size()];
    var paths = ByteBuffer.allocate(MOST * PATH_BYTES).order(ByteOrder.nativeOrder());
    int next = 0;
    for (int number = 0; number < first.length; number++) {
      first[number] = (byte) next;
      count[number] = (byte) byFunction.get(number).size();
      for (var argument : byFunction.get(number)) put(argument, paths, next++ * PATH_BYTES);
    }
    probe.set("keep_arguments", 1);
    probe.set("argument_first", first);
    probe.set("argument_count", count);
    probe.set("argument_paths", paths.array());
  }

  private static void put(FunctionArgument argument, ByteBuffer paths, int at) {
    boolean isText = argument.type() instanceof ArgumentType.Characters;
    paths.put(at, (byte) argument.word());
    paths.put(at + 1, (byte) (argument.isWord() ? WORD : isText ? TEXT : NUMBER));
    paths.put(at + 2, (byte) argument.size());
    paths.put(at + 3, (byte) argument.pointers().size());
    int pointer = at + OFFSETS;
    for (int offset : argument.pointers()) {
      paths.putInt(pointer, offset);
      pointer += 4;
    }
    paths.putInt(at + LAST, argument.offset());
  }
}
