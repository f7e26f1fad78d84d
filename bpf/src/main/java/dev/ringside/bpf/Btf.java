package dev.ringside.bpf;

import static dev.ringside.bpf.BtfTypes.ARRAY;
import static dev.ringside.bpf.BtfTypes.DATASEC;
import static dev.ringside.bpf.BtfTypes.INT;
import static dev.ringside.bpf.BtfTypes.PTR;
import static dev.ringside.bpf.BtfTypes.STRUCT;
import static dev.ringside.bpf.BtfTypes.VAR;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The type information a compiler left in a BPF object: what the C structs look like in memory.
///
/// The format is the kernel's, `Documentation/bpf/btf.rst`. Only what objects of ours contain is
/// read.
final class Btf {
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

  private final BtfTypes types;

  Btf(MemorySegment raw) {
    if (raw.byteSize() == 0)
      throw new BpfException("the object has no type information (BTF); compile it with -g", 0);
    types = new BtfTypes(raw, "the object", "compile it again, with -g", Optional.empty());
  }

  /// The struct that a ring carries, as `RING(...)` declared it.
  Struct carriedBy(String ring) {
    var pointer = variable(ring + "_event");
    if (pointer.isEmpty()) {
      throw new IllegalArgumentException("no ring " + ring + " in the object; it has " + rings());
    }
    return struct(types.underneath(types.type(types.underneath(pointer.get()))));
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
        struct(types.underneath(definition.get()))
            .field(part)
            .orElseThrow(() -> new IllegalArgumentException("map " + map + " declares no " + part));
    int id = types.type(member.id());
    int type = types.underneath(id);
    if (types.kind(type) == STRUCT) return struct(type);
    return new Struct(map + "'s " + part, types.size(type), List.of(field("", id, 0)));
  }

  /// A global of a section such as `.rodata`.
  Optional<Field> global(String section, String name) {
    return globals(section).stream().filter(f -> f.name().equals(name)).findFirst();
  }

  List<Field> globals(String section) {
    var found = new ArrayList<Field>();
    for (int id = 1; id < types.count(); id++) {
      if (types.kind(id) != DATASEC || !types.name(id).equals(section)) continue;
      for (int i = 0; i < types.vlen(id); i++) {
        int variable = types.word(id, 3 + 3 * i);
        long offset = Integer.toUnsignedLong(types.word(id, 4 + 3 * i));
        found.add(field(types.name(variable), types.type(variable), offset));
      }
    }
    return found;
  }

  List<String> rings() {
    return globals(".events").stream().map(f -> f.name().replaceAll("_event$", "")).toList();
  }

  /// Whether a type of this kind and name exists.
  Optional<Integer> variable(String name) {
    for (int id = 1; id < types.count(); id++) {
      if (types.kind(id) == VAR && types.name(id).equals(name)) return Optional.of(types.type(id));
    }
    return Optional.empty();
  }

  Struct struct(int id) {
    var fields = new ArrayList<Field>();
    for (int i = 0; i < types.vlen(id); i++) {
      var name = types.text(types.word(id, 3 + 3 * i));
      int bits = types.word(id, 5 + 3 * i);
      // With the kind flag set the upper byte is a bit field's width; we declare none.
      if ((bits & 7) != 0 || bits >>> 24 != 0) {
        throw new IllegalArgumentException(
            "struct " + types.name(id) + ": bit fields are not read: " + name);
      }
      fields.add(field(name, types.word(id, 4 + 3 * i), bits / 8));
    }
    return new Struct(types.name(id), types.size(id), fields);
  }

  private Field field(String name, int declared, long offset) {
    int id = types.underneath(declared);
    int count = -1;
    if (types.kind(id) == ARRAY) {
      count = types.word(id, 5);
      declared = types.word(id, 3);
      id = types.underneath(declared);
    }
    int kind = types.kind(id);
    var type = types.name(types.skipQualifiers(declared));
    long size = kind == PTR ? 8 : types.size(id);
    boolean signed = kind == INT && (types.word(id, 3) >> 24 & 1) == 1;
    return new Field(name, type, kind, offset, size, count, signed, id);
  }
}
