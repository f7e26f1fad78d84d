package dev.ringside.bpf;

/// Types as they are written in C, for messages.
record TypeText(BtfTypes types) {

  /// `struct file *`, `size_t`, `u8[16]`.
  String of(int id) {
    return switch (types.kind(id)) {
      case BtfTypes.CONST -> "const " + of(types.type(id));
      case BtfTypes.VOLATILE, BtfTypes.RESTRICT, BtfTypes.TYPE_TAG -> of(types.type(id));
      case BtfTypes.PTR -> pointer(of(types.type(id)));
      case BtfTypes.ARRAY -> of(types.word(id, 3)) + "[" + types.word(id, 5) + "]";
      case BtfTypes.STRUCT -> named("struct", id);
      case BtfTypes.UNION -> named("union", id);
      case BtfTypes.ENUM, BtfTypes.ENUM64 -> named("enum", id);
      case BtfTypes.FWD -> named(types.flag(id) ? "union" : "struct", id);
      case BtfTypes.FUNC_PROTO -> "function";
      default -> types.name(id);
    };
  }

  private static String pointer(String to) {
    return to + (to.endsWith("*") ? "*" : " *");
  }

  private String named(String kind, int id) {
    var name = types.name(id);
    return kind + " " + (name.isEmpty() ? "without a name" : name);
  }
}
