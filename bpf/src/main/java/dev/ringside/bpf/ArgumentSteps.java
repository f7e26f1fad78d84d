package dev.ringside.bpf;

import java.util.ArrayList;
import java.util.List;

/// The single steps of a path, from type to type.
record ArgumentSteps(BtfTypes types) {
  /// ARGUMENT_STEPS of `function_arguments.bpf.h`.
  private static final int MOST_POINTERS = 8;

  private static final int LISTED = 12;

  ArgumentPlace follow(ArgumentPlace from, String member) {
    int pointer = types.underneath(from.type());
    if (types.kind(pointer) != BtfTypes.PTR) {
      boolean hasMembers = types.hasMembers(pointer);
      throw new IllegalArgumentException(
          describe(from)
              + (hasMembers
                  ? "; write " + from.written() + "." + member
                  : ", not a pointer that can be followed"));
    }
    var led = led(from);
    int to = types.type(pointer);
    int target = types.underneath(to);
    if (!types.hasMembers(target))
      throw new IllegalArgumentException(
          describe(from)
              + (types.kind(target) == BtfTypes.FWD
                  ? ", and this kernel's type information does not say what is in that"
                  : ", which has no members"));
    return led.at(to, 0, 0, "");
  }

  /// Behind the pointer that is here.
  ArgumentPlace led(ArgumentPlace from) {
    var pointers = new ArrayList<Integer>();
    int word = from.word();
    if (from.isInWords()) {
      word = from.inWord();
    } else {
      pointers.addAll(from.pointers());
      pointers.add(from.offset());
    }
    if (pointers.size() > MOST_POINTERS)
      throw new IllegalArgumentException(
          from.written() + ": at most " + MOST_POINTERS + " pointers are followed");
    return new ArgumentPlace(0, word, pointers, 0, 0, from.written());
  }

  ArgumentPlace member(ArgumentPlace from, String name, String by) {
    int struct = types.underneath(from.type());
    if (!types.hasMembers(struct)) {
      boolean isPointer = types.kind(struct) == BtfTypes.PTR;
      throw new IllegalArgumentException(
          describe(from)
              + (isPointer ? "; write " + from.written() + "->" + name : ", which has no members"));
    }
    for (var member : new StructMembers(types).of(struct)) {
      if (member.name().equals(name))
        return from.at(member.type(), from.bit() + member.bit(), member.bits(), by + name);
    }
    var names = members(struct);
    var near = NearestNames.to(name, names, n -> true);
    throw new IllegalArgumentException(
        "%s has no member %s; %s"
            .formatted(
                new TypeText(types).of(struct),
                name,
                near.isEmpty()
                    ? "it has " + some(names)
                    : "did you mean " + String.join(", ", near) + "?"));
  }

  /// All names that lead on from a struct.
  List<String> members(int struct) {
    return new StructMembers(types).of(struct).stream().map(StructMembers.Member::name).toList();
  }

  ArgumentPlace element(ArgumentPlace from, int index) {
    int array = types.underneath(from.type());
    if (types.kind(array) != BtfTypes.ARRAY)
      throw new IllegalArgumentException(describe(from) + ", not an array");
    int count = types.word(array, 5);
    if (count != 0 && Integer.compareUnsigned(index, count) >= 0)
      throw new IllegalArgumentException(
          describe(from) + "; [" + index + "] is behind its last element");
    int type = types.word(array, 3);
    // Neither product is beyond a long: an index has 30 bits at most, a size 32.
    long bytes = Math.min(index * types.sizeOf(type), Integer.MAX_VALUE + 1L);
    return from.at(type, from.bit() + 8 * bytes, 0, "[" + index + "]");
  }

  /// The first of many names.
  static String some(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(LISTED, names.size())))
        + (names.size() > LISTED ? " and more" : "");
  }

  /// For messages.
  String describe(ArgumentPlace at) {
    return at.written() + " is of type " + new TypeText(types).of(at.type());
  }
}
