package dev.ringside.bpf;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a struct or a union consists of. Members of a struct without a name belong to the one
/// around it, as in C.
record StructMembers(BtfTypes types) {

  /// @param bit where it is, from the beginning of the struct that was asked for
  /// @param bits how many a bit field has, else 0
  record Member(String name, int type, long bit, int bits) {}

  List<Member> of(int struct) {
    var members = new ArrayList<Member>();
    add(struct, 0, 0, new HashSet<>(), members);
    return members;
  }

  /// @param bit where this struct is in the outermost
  /// @param added structs without a name whose members are there already. Names mean one thing only
  ///   in C, so a second time adds none; in a broken BTF, where each may contain the next one
  ///   twice, it would take forever
  private void add(int struct, long bit, int depth, Set<Integer> added, List<Member> members) {
    for (int i = 0; i < types.vlen(struct); i++) {
      var name = types.text(types.word(struct, 3 + 3 * i));
      int type = types.word(struct, 4 + 3 * i);
      int place = types.word(struct, 5 + 3 * i);
      boolean mayBeField = types.flag(struct);
      long at = bit + (mayBeField ? place & 0xff_ffff : Integer.toUnsignedLong(place));
      if (!name.isEmpty()) {
        members.add(new Member(name, type, at, mayBeField ? place >>> 24 : 0));
        continue;
      }
      int inner = types.underneath(type);
      if (!types.hasMembers(inner) || added.contains(inner)) continue;
      add(inner, at, types.deeper(depth, struct), added, members);
      added.add(inner);
    }
  }
}
