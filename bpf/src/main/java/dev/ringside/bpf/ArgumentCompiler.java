package dev.ringside.bpf;

import static java.util.stream.Collectors.joining;

import dev.ringside.bpf.ArgumentPath.Element;
import dev.ringside.bpf.ArgumentPath.Follow;
import dev.ringside.bpf.ArgumentPath.Member;
import java.util.stream.IntStream;

/// Finds out, from the kernel's type information, what paths through arguments mean in memory.
final class ArgumentCompiler {
  private static final int WORD = 8;

  private final BtfTypes types;
  private final TypeText text;
  private final ArgumentSteps steps;
  private final ArgumentReadings readings;

  ArgumentCompiler(BtfTypes types) {
    this.types = types;
    text = new TypeText(types);
    steps = new ArgumentSteps(types);
    readings = new ArgumentReadings(types, steps);
  }

  /// @throws IllegalArgumentException when the path leads nowhere, saying what there is instead
  FunctionArgument compile(KernelFunction function, String path) {
    try {
      return compile(function, ArgumentPath.of(path));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(function + ": " + e.getMessage(), e);
    }
  }

  private FunctionArgument compile(KernelFunction function, ArgumentPath path) {
    var place = argument(function, path.argument());
    for (var step : path.steps()) {
      place =
          switch (step) {
            case Follow(var member) -> steps.member(steps.follow(place, member), member, "->");
            case Member(var member) -> steps.member(place, member, ".");
            case Element(var index) -> steps.element(place, index);
          };
    }
    return readings.of(path, place);
  }

  private ArgumentPlace argument(KernelFunction function, String name) {
    if (function.typeId() == 0)
      throw new IllegalArgumentException(
          "this kernel's type information (BTF) does not say what it takes, so nothing of it can be read");
    int prototype = types.type(function.typeId());
    int word = 0;
    for (int i = 0; i < types.vlen(prototype); i++) {
      int type = types.word(prototype, 4 + 2 * i);
      if (types.text(types.word(prototype, 3 + 2 * i)).equals(name))
        return ArgumentPlace.of(name, type, word);
      word += (int) ((types.sizeOf(type) + WORD - 1) / WORD);
    }
    throw new IllegalArgumentException("it has no argument " + name + "; " + arguments(prototype));
  }

  private String arguments(int prototype) {
    return types.vlen(prototype) == 0
        ? "it takes none"
        : IntStream.range(0, types.vlen(prototype))
            .mapToObj(i ->
                types.text(types.word(prototype, 3 + 2 * i))
                    + " ("
                    + text.of(types.word(prototype, 4 + 2 * i))
                    + ")")
            .collect(joining(", ", "it takes ", ""));
  }
}
