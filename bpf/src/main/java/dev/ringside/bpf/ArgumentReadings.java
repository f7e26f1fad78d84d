package dev.ringside.bpf;

import java.util.List;

/// What is to be read where a path ends.
record ArgumentReadings(BtfTypes types, ArgumentSteps steps) {
  /// ARGUMENT_BYTES of `function_arguments.bpf.h`, less one.
  private static final int LONGEST_TEXT = 127;

  private static final int WORD = 8;

  FunctionArgument of(ArgumentPath path, ArgumentPlace at) {
    return of(path, at, 0);
  }

  private FunctionArgument of(ArgumentPath path, ArgumentPlace at, int depth) {
    int type = types.underneath(at.type());
    return switch (types.kind(type)) {
      case BtfTypes.INT, BtfTypes.ENUM, BtfTypes.ENUM64 -> number(path, at, type);
      case BtfTypes.PTR ->
          isCharacter(types.type(type))
              ? characters(path, steps.led(at), LONGEST_TEXT)
              : read(path, at, WORD, new ArgumentType.Address());
      case BtfTypes.ARRAY -> array(path, at, type);
      case BtfTypes.STRUCT, BtfTypes.UNION -> struct(path, at, type, depth);
      default -> throw new IllegalArgumentException(steps.describe(at) + ", which cannot be read");
    };
  }

  private FunctionArgument number(ArgumentPath path, ArgumentPlace at, int type) {
    long size = types.size(type);
    if (size > WORD) throw new IllegalArgumentException(steps.describe(at) + ", which is too wide");
    int bits = at.bits() > 0 ? at.bits() : (int) size * 8;
    int firstBit = (int) (at.bit() % 8);
    int bytes = at.bits() > 0 ? (firstBit + bits + 7) / 8 : (int) size;
    if (bytes > WORD)
      throw new IllegalArgumentException(steps.describe(at) + ", a bit field across nine bytes");
    if (at.isInWords()) firstBit += at.offset() % WORD * 8;
    // Packed structs may have numbers across two words, and only a broken BTF ones of no bytes.
    if (bits == 0 || firstBit + bits > Long.SIZE)
      throw new IllegalArgumentException(steps.describe(at) + ", which is not within a word");
    var number =
        new ArgumentType.Whole(
            firstBit, bits, types.isSigned(type), bits > 8 && isBigEndian(at.type()));
    if (types.kind(type) == BtfTypes.INT)
      return read(
          path,
          at,
          bytes,
          (types.word(type, 3) >>> 24 & 4) != 0 ? new ArgumentType.Truth(number) : number);
    return read(path, at, bytes, new ArgumentType.Named(number, KernelEnums.values(types, type)));
  }

  /// The kernel's typedefs say so (`__be16`), and its compilers do not look at it.
  private boolean isBigEndian(int declared) {
    int id = types.skipQualifiers(declared);
    while (types.kind(id) == BtfTypes.TYPEDEF) {
      if (types.name(id).startsWith("__be")) return true;
      id = types.skipQualifiers(types.type(id));
    }
    return false;
  }

  /// `u8` is a number of one byte, whatever is underneath.
  private boolean isCharacter(int declared) {
    int id = types.skipQualifiers(declared);
    return types.kind(id) == BtfTypes.INT && types.size(id) == 1 && types.name(id).endsWith("char");
  }

  private FunctionArgument array(ArgumentPath path, ArgumentPlace at, int type) {
    if (!isCharacter(types.word(type, 3)))
      throw new IllegalArgumentException(
          steps.describe(at) + "; name one of its elements, such as " + at.written() + "[0]");
    long count = Integer.toUnsignedLong(types.word(type, 5));
    return characters(
        path, at, count == 0 ? LONGEST_TEXT : (int) Math.min(count + 1, LONGEST_TEXT));
  }

  private FunctionArgument struct(ArgumentPath path, ArgumentPlace at, int type, int depth) {
    if (types.name(type).equals("qstr"))
      return of(path, steps.member(at, "name", "."), types.deeper(depth, type));
    throw new IllegalArgumentException(
        steps.describe(at)
            + "; name one of its members: "
            + ArgumentSteps.some(steps.members(type)));
  }

  private FunctionArgument characters(ArgumentPath path, ArgumentPlace at, int size) {
    if (at.isInWords())
      throw new IllegalArgumentException(
          steps.describe(at) + " in a register, which cannot be read");
    return read(path, at, size, new ArgumentType.Characters());
  }

  private static FunctionArgument read(
      ArgumentPath path, ArgumentPlace at, int size, ArgumentType type) {
    return at.isInWords()
        ? new FunctionArgument(path.text(), at.inWord(), true, List.of(), 0, WORD, type)
        : new FunctionArgument(
            path.text(), at.word(), false, at.pointers(), at.offset(), size, type);
  }
}
