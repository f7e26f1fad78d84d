package dev.ringside.bpf;

/// Types as they are written in C, for messages.
record TypeText(BtfTypes types) {

  /// `struct file *`, `size_t`, `u8[16]`.
  String of(int id) {
    return of(id, 0);
  }

  private String of(int id, int depth) {
    return switch (types.kind(id)) {
      case BtfTypes.CONST -> "const " + inner(types.type(id), depth, id);
      case BtfTypes.VOLATILE, BtfTypes.RESTRICT, BtfTypes.TYPE_TAG ->
          inner(types.type(id), depth, id);
      case BtfTypes.PTR -> pointer(inner(types.type(id), depth, id));
      case BtfTypes.ARRAY -> inner(types.word(id, 3), depth, id) + "[" + types.word(id, 5) + "]";
      case BtfTypes.STRUCT -> named("struct", id);
      case BtfTypes.UNION -> named("union", id);
      case BtfTypes.ENUM, BtfTypes.ENUM64 -> named("enum", id);
      case BtfTypes.FWD -> named(types.flag(id) ? "union" : "struct", id);
      case BtfTypes.FUNC_PROTO -> "function";
      default -> types.name(id);
    };
  }

  private String inner(int type, int depth, int id) {
    return of(type, types.deeper(depth, id));
  }

  private static String pointer(String to) {
    return to + (to.endsWith("*") ? "*" : " *");
  }

  private String named(String kind, int id) {
    var name = types.name(id);
    return kind + " " + (name.isEmpty() ? "without a name" : name);
  }
}
