package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The type information a compiler left in a BPF object: what the C structs look like in memory.
///
/// The format is the kernel's, `Documentation/bpf/btf.rst`. Only what objects of ours contain is
/// read.
final class Btf {
  static final int INT = 1;
  static final int PTR = 2;
  static final int ARRAY = 3;
  static final int STRUCT = 4;
  static final int UNION = 5;
  static final int ENUM = 6;
  static final int TYPEDEF = 8;
  static final int VOLATILE = 9;
  static final int CONST = 10;
  static final int RESTRICT = 11;
  static final int FUNC_PROTO = 13;
  static final int VAR = 14;
  static final int DATASEC = 15;
  static final int DECL_TAG = 17;
  static final int TYPE_TAG = 18;
  static final int ENUM64 = 19;

  /// A member of a struct, or a global variable.
  ///
  /// @param name its name in C
  /// @param type the name of its type as declared, `boottime_ns`; empty for an array or anonymous
  ///   type
  /// @param kind what it is underneath typedefs; of an array, what its elements are
  /// @param offset bytes from the beginning of the struct or section
  /// @param size bytes of one element
  /// @param count elements of an array, or -1 when it is none
  /// @param signed whether an integer is signed
  /// @param id the type underneath, for nested structs
  record Field(
      String name,
      String type,
      int kind,
      long offset,
      long size,
      int count,
      boolean signed,
      int id) {
    boolean isArray() {
      return count >= 0;
    }

    @Override
    public String toString() {
      var element = type.isEmpty() ? (signed ? "s" : "u") + size * 8 : type;
      return element + " " + name + (isArray() ? "[" + count + "]" : "");
    }
  }

  record Struct(String name, long size, List<Field> fields) {
    Optional<Field> field(String name) {
      return fields.stream().filter(f -> f.name().equals(name)).findFirst();
    }
  }

  private final MemorySegment raw;
  private final long strings;
  private final List<Long> types = new ArrayList<>(List.of(0L));

  Btf(MemorySegment raw) {
    this.raw = raw;
    if (raw.byteSize() < 24 || (u32(0) & 0xffff) != 0xeb9f) {
      throw new BpfException("the object has no type information (BTF); compile it with -g", 0);
    }
    long header = u32(4);
    long begin = header + u32(8);
    long end = begin + u32(12);
    strings = header + u32(16);
    for (long at = begin; at < end; at += length(at)) types.add(at);
  }

  /// The struct that a ring carries, as `RING(...)` declared it.
  Struct carriedBy(String ring) {
    var pointer = variable(ring + "_event");
    if (pointer.isEmpty()) {
      throw new IllegalArgumentException("no ring " + ring + " in the object; it has " + rings());
    }
    return struct(underneath((int) u32(at(underneath(pointer.get())) + 8)));
  }

  /// What the key of a map looks like. A plain number becomes a struct with that one field,
  /// unnamed.
  Struct keyOf(String map) {
    return partOf(map, "key");
  }

  /// What the value of a map looks like.
  Struct valueOf(String map) {
    return partOf(map, "value");
  }

  private Struct partOf(String map, String part) {
    var definition = variable(map);
    if (definition.isEmpty())
      throw new IllegalArgumentException("no map " + map + " in the object");
    var member =
        struct(underneath(definition.get()))
            .field(part)
            .orElseThrow(() -> new IllegalArgumentException("map " + map + " declares no " + part));
    int id = (int) u32(at(member.id()) + 8);
    int type = underneath(id);
    if (kind(type) == STRUCT) return struct(type);
    return new Struct(map + "'s " + part, u32(at(type) + 8), List.of(field("", id, 0)));
  }

  /// A global of a section such as `.rodata`.
  Optional<Field> global(String section, String name) {
    return globals(section).stream().filter(f -> f.name().equals(name)).findFirst();
  }

  List<Field> globals(String section) {
    var found = new ArrayList<Field>();
    for (int id = 1; id < types.size(); id++) {
      if (kind(id) != DATASEC || !name(id).equals(section)) continue;
      for (int i = 0; i < vlen(id); i++) {
        long entry = at(id) + 12 + 12L * i;
        int variable = (int) u32(entry);
        found.add(field(name(variable), (int) u32(at(variable) + 8), u32(entry + 4)));
      }
    }
    return found;
  }

  List<String> rings() {
    return globals(".events").stream().map(f -> f.name().replaceAll("_event$", "")).toList();
  }

  /// Whether a type of this kind and name exists.
  Optional<Integer> variable(String name) {
    for (int id = 1; id < types.size(); id++) {
      if (kind(id) == VAR && name(id).equals(name)) return Optional.of((int) u32(at(id) + 8));
    }
    return Optional.empty();
  }

  Struct struct(int id) {
    var fields = new ArrayList<Field>();
    for (int i = 0; i < vlen(id); i++) {
      long member = at(id) + 12 + 12L * i;
      long bits = u32(member + 8);
      // With the kind flag set the upper byte is a bit field's width; we declare none.
      if ((bits & 7) != 0 || bits >>> 24 != 0) {
        throw new IllegalArgumentException(
            "struct " + name(id) + ": bit fields are not read: " + string(u32(member)));
      }
      fields.add(field(string(u32(member)), (int) u32(member + 4), bits / 8));
    }
    return new Struct(name(id), u32(at(id) + 8), fields);
  }

  private Field field(String name, int declared, long offset) {
    int id = underneath(declared);
    int count = -1;
    String type = name(skipQualifiers(declared));
    if (kind(id) == ARRAY) {
      count = (int) u32(at(id) + 20);
      declared = (int) u32(at(id) + 12);
      type = name(skipQualifiers(declared));
      id = underneath(declared);
    }
    long size = kind(id) == PTR ? 8 : u32(at(id) + 8);
    boolean signed = kind(id) == INT && (u32(at(id) + 12) >> 24 & 1) == 1;
    return new Field(name, type, kind(id), offset, size, count, signed, id);
  }

  private int skipQualifiers(int id) {
    return skip(id, false);
  }

  private int underneath(int id) {
    return skip(id, true);
  }

  private int skip(int id, boolean typedefs) {
    for (int steps = 0; steps < types.size(); steps++) {
      switch (kind(id)) {
        case VOLATILE, CONST, RESTRICT, TYPE_TAG -> id = (int) u32(at(id) + 8);
        case TYPEDEF -> {
          if (!typedefs) return id;
          id = (int) u32(at(id) + 8);
        }
        default -> {
          return id;
        }
      }
    }
    throw broken("type " + id + " stands for itself");
  }

  private long at(int id) {
    if (id < 0 || id >= types.size())
      throw broken("no type " + id + " among " + types.size() + " types");
    return types.get(id);
  }

  private int kind(int id) {
    return id == 0 ? 0 : (int) (u32(at(id) + 4) >> 24 & 0x1f);
  }

  private int vlen(int id) {
    return (int) (u32(at(id) + 4) & 0xffff);
  }

  private String name(int id) {
    return id == 0 ? "void" : string(u32(at(id)));
  }

  private String string(long offset) {
    try {
      return raw.getString(strings + offset);
    } catch (IndexOutOfBoundsException e) {
      throw broken("no name at " + offset);
    }
  }

  private long u32(long offset) {
    if (offset > raw.byteSize() - 4) throw broken("it ends before byte " + (offset + 4));
    return Integer.toUnsignedLong(raw.get(JAVA_INT_UNALIGNED, offset));
  }

  private static BpfException broken(String how) {
    return new BpfException(
        "the object's type information (BTF) is broken: " + how + "; compile it again", 0);
  }

  private long length(long at) {
    int kind = (int) (u32(at + 4) >> 24 & 0x1f);
    long vlen = u32(at + 4) & 0xffff;
    return 12
        + switch (kind) {
          case INT, VAR, DECL_TAG -> 4;
          case ARRAY -> 12;
          case STRUCT, UNION, DATASEC, ENUM64 -> 12 * vlen;
          case ENUM, FUNC_PROTO -> 8 * vlen;
          default -> 0;
        };
  }
}
