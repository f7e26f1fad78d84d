package dev.ringside.bpf;

import dev.ringside.bpf.KernelFunction.Returned;

/// The functions that the BTF of the kernel, or of one of its modules, knows, and what they take
/// and give back.
final class FunctionTypes {
  /// What the kernel's `btf_distill_func_proto` accepts for a trampoline.
  private static final int MOST_WORDS = 12;

  private static final int LARGEST_ARGUMENT = 16;
  private static final int WORD = 8;

  private final BtfTypes types;
  private final int[] ids;
  private final NameIndex names;

  FunctionTypes(BtfTypes types) {
    this.types = types;
    ids = types.ofKind(BtfTypes.FUNC);
    names = types.names(ids);
  }

  BtfTypes types() {
    return types;
  }

  NameIndex names() {
    return names;
  }

  boolean has(String name) {
    return names.find(name) >= 0;
  }

  /// A function that [#has] it. Older kernels have types for several of one name; where those are
  /// not alike, nobody knows which is right.
  KernelFunction function(String name, String module) {
    int number = names.find(name);
    var function = function(ids[number], name, module);
    while ((number = names.again(number)) >= 0) {
      var other = function(ids[number], name, module);
      if (other.argumentWords() != function.argumentWords()
          || other.returned() != function.returned())
        return new KernelFunction(name, module, 0, 0, Returned.UNKNOWN);
      // The first is the one that the kernel and libbpf find.
      function = other;
    }
    return function;
  }

  private KernelFunction function(int id, String name, String module) {
    int prototype = types.type(id);
    if (types.kind(prototype) != BtfTypes.FUNC_PROTO)
      throw types.broken("function " + name + " has no prototype");
    var returned = returned(types.underneath(types.type(prototype)));
    int words = returned == Returned.UNKNOWN ? -1 : words(prototype);
    return words < 0
        ? new KernelFunction(name, module, 0, 0, returned)
        : new KernelFunction(name, module, id, words, returned);
  }

  /// -1 when a trampoline cannot take them.
  private int words(int prototype) {
    long words = 0;
    for (int i = 0; i < types.vlen(prototype); i++) {
      long size = sizeOfArgument(types.word(prototype, 4 + 2 * i));
      if (size <= 0 || size > LARGEST_ARGUMENT) return -1;
      words += (size + WORD - 1) / WORD;
    }
    return words > MOST_WORDS ? -1 : (int) words;
  }

  /// 0 for `...`, which is a parameter without type, and for what does not go through registers.
  private long sizeOfArgument(int declared) {
    int id = types.underneath(declared);
    return switch (types.kind(id)) {
      case BtfTypes.PTR -> WORD;
      case BtfTypes.INT, BtfTypes.ENUM, BtfTypes.ENUM64, BtfTypes.STRUCT, BtfTypes.UNION ->
          types.size(id);
      default -> 0;
    };
  }

  private Returned returned(int id) {
    if (id == 0) return Returned.NOTHING;
    return switch (types.kind(id)) {
      case BtfTypes.PTR -> Returned.POINTER;
      case BtfTypes.INT -> {
        boolean isBool = (types.word(id, 3) >>> 24 & 4) != 0;
        yield isBool ? Returned.BOOL : number(types.size(id), types.isSigned(id));
      }
      case BtfTypes.ENUM, BtfTypes.ENUM64 -> number(types.size(id), types.isSigned(id));
      default -> Returned.UNKNOWN;
    };
  }

  private static Returned number(long size, boolean signed) {
    if (size > WORD) return Returned.UNKNOWN;
    if (size == WORD) return signed ? Returned.SIGNED_64 : Returned.UNSIGNED_64;
    return signed ? Returned.SIGNED_32 : Returned.UNSIGNED_32;
  }
}
