package dev.ringside.bpf;

import java.util.ArrayList;
import java.util.List;

/// The single steps of a path, from type to type.
record ArgumentSteps(BtfTypes types) {
  /// ARGUMENT_STEPS of `function_arguments.bpf.h`.
  private static final int MOST_POINTERS = 8;

  private static final int WORD = 8;
  private static final int LISTED = 12;

  ArgumentPlace follow(ArgumentPlace from, String member) {
    int pointer = types.underneath(from.type());
    if (types.kind(pointer) != BtfTypes.PTR) {
      boolean hasMembers = hasMembers(pointer);
      throw new IllegalArgumentException(
          describe(from)
              + (hasMembers
                  ? "; write " + from.written() + "." + member
                  : ", not a pointer that can be followed"));
    }
    var led = led(from);
    int to = types.type(pointer);
    int target = types.underneath(to);
    if (!hasMembers(target))
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
      word += from.offset() / WORD;
    } else {
      pointers.addAll(from.pointers());
      pointers.add(from.offset());
    }
    if (pointers.size() > MOST_POINTERS)
      throw new IllegalArgumentException(
          from.written() + ": at most " + MOST_POINTERS + " pointers are followed");
    return new ArgumentPlace(0, word, pointers, 0, 0, from.written());
  }

  private boolean hasMembers(int type) {
    return types.kind(type) == BtfTypes.STRUCT || types.kind(type) == BtfTypes.UNION;
  }

  ArgumentPlace member(ArgumentPlace from, String name, String by) {
    int struct = types.underneath(from.type());
    if (!hasMembers(struct)) {
      boolean isPointer = types.kind(struct) == BtfTypes.PTR;
      throw new IllegalArgumentException(
          describe(from)
              + (isPointer ? "; write " + from.written() + "->" + name : ", which has no members"));
    }
    var found = find(struct, name, from, by);
    if (found != null) return found;
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

  /// Members of a struct without a name belong to the one around it.
  private ArgumentPlace find(int struct, String name, ArgumentPlace from, String by) {
    for (int i = 0; i < types.vlen(struct); i++) {
      var member = types.text(types.word(struct, 3 + 3 * i));
      int type = types.word(struct, 4 + 3 * i);
      int place = types.word(struct, 5 + 3 * i);
      boolean mayBeField = types.flag(struct);
      long bit = from.bit() + (mayBeField ? place & 0xff_ffff : Integer.toUnsignedLong(place));
      int bits = mayBeField ? place >>> 24 : 0;
      if (member.equals(name)) return from.at(type, bit, bits, by + name);
      int inner = types.underneath(type);
      if (member.isEmpty() && hasMembers(inner)) {
        var found = find(inner, name, from.at(type, bit, 0, ""), by);
        if (found != null) return found;
      }
    }
    return null;
  }

  /// All names that lead on from a struct, those of structs without a name in it included.
  List<String> members(int struct) {
    var names = new ArrayList<String>();
    addMembers(struct, names);
    return names;
  }

  private void addMembers(int struct, List<String> names) {
    for (int i = 0; i < types.vlen(struct); i++) {
      var member = types.text(types.word(struct, 3 + 3 * i));
      int inner = types.underneath(types.word(struct, 4 + 3 * i));
      if (!member.isEmpty()) names.add(member);
      else if (hasMembers(inner)) addMembers(inner, names);
    }
  }

  ArgumentPlace element(ArgumentPlace from, int index) {
    int array = types.underneath(from.type());
    if (types.kind(array) != BtfTypes.ARRAY)
      throw new IllegalArgumentException(describe(from) + ", not an array");
    int count = types.word(array, 5);
    if (count != 0 && index >= count)
      throw new IllegalArgumentException(
          describe(from) + "; [" + index + "] is behind its last element");
    int type = types.word(array, 3);
    long bit = from.bit() + 8 * index * types.sizeOf(type);
    if (bit / 8 > Integer.MAX_VALUE)
      throw new IllegalArgumentException(from.written() + "[" + index + "] is too far away");
    return from.at(type, bit, 0, "[" + index + "]");
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
