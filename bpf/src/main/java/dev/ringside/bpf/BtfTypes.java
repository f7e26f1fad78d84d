package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// The types of one BTF, by number. The format is the kernel's, `Documentation/bpf/btf.rst`.
///
/// A kernel has more than 100 000 of them and a cold JVM reads them while somebody waits, so they
/// are copied at once into plain arrays: an interpreter is several times quicker with those than
/// with memory segments.
///
/// The types of a module are split from those of the kernel: its numbers and its texts go on where
/// the kernel's end.
final class BtfTypes {
  static final int INT = 1;
  static final int PTR = 2;
  static final int ARRAY = 3;
  static final int STRUCT = 4;
  static final int UNION = 5;
  static final int ENUM = 6;
  static final int FWD = 7;
  static final int TYPEDEF = 8;
  static final int VOLATILE = 9;
  static final int CONST = 10;
  static final int RESTRICT = 11;
  static final int FUNC = 12;
  static final int FUNC_PROTO = 13;
  static final int VAR = 14;
  static final int DATASEC = 15;
  static final int DECL_TAG = 17;
  static final int TYPE_TAG = 18;
  static final int ENUM64 = 19;

  private static final int MAGIC = 0xeb9f;
  private static final int HEADER_WORDS = 6;

  /// How many types are followed into each other. The kernel and libbpf go no deeper
  /// (`MAX_RESOLVE_DEPTH` of the `btf.c` of either); those of a kernel itself, which nobody holds
  /// to that, are 7 deep at most.
  private static final int DEEPEST = 32;

  /// A type says in 32 bits how large it is, and the kernel takes no larger arrays either.
  private static final long LARGEST = 0xffff_ffffL;

  /// The words that each type begins with: its name, its kind with what belongs to that, and a size
  /// or another type.
  private static final int WORDS = 3;

  private final String whose;
  private final String remedy;
  private final Optional<BtfTypes> base;
  private final int firstId;
  private final int firstText;
  private final int[] words;
  private final byte[] texts;
  private int[] starts = new int[64];
  private int own;

  /// @param raw what begins with a BTF header; copied
  /// @param whose it is, for errors: `the object`
  /// @param remedy what to do when it is broken
  /// @param base what this one goes on from, if it is split
  BtfTypes(MemorySegment raw, String whose, String remedy, Optional<BtfTypes> base) {
    this.whose = whose;
    this.remedy = remedy;
    this.base = base;
    firstId = base.map(BtfTypes::count).orElse(1);
    firstText = base.map(b -> b.firstText + b.texts.length).orElse(0);
    var header = ints(raw, 0, HEADER_WORDS);
    if ((header[0] & 0xffff) != MAGIC) throw broken("it does not begin as BTF does");
    long sections = Integer.toUnsignedLong(header[1]);
    words = ints(raw, sections + unsigned(header[2]), unsigned(header[3]) / Integer.BYTES);
    texts = bytes(raw, sections + unsigned(header[4]), unsigned(header[5]));
    findStarts();
  }

  private void findStarts() {
    for (int at = 0; at < words.length; ) {
      int next = at + length(at);
      if (next > words.length) throw broken("type " + count() + " ends behind the last one");
      if (own == starts.length) starts = Arrays.copyOf(starts, own * 2);
      starts[own++] = at;
      at = next;
    }
  }

  private int length(int at) {
    if (at + 1 >= words.length) return WORDS;
    int vlen = words[at + 1] & 0xffff;
    return WORDS
        + switch (words[at + 1] >>> 24 & 0x1f) {
          case INT, VAR, DECL_TAG -> 1;
          case ARRAY -> 3;
          case STRUCT, UNION, DATASEC, ENUM64 -> 3 * vlen;
          case ENUM, FUNC_PROTO -> 2 * vlen;
          default -> 0;
        };
  }

  /// All types have smaller numbers than this. Number 0 is `void`.
  int count() {
    return firstId + own;
  }

  int kind(int id) {
    return id == 0 ? 0 : word(id, 1) >>> 24 & 0x1f;
  }

  boolean hasMembers(int id) {
    return kind(id) == STRUCT || kind(id) == UNION;
  }

  /// How many members, values or parameters it has.
  int vlen(int id) {
    return word(id, 1) & 0xffff;
  }

  /// Of an enum: whether its values are signed. Of a struct: whether it has bit fields.
  boolean flag(int id) {
    return word(id, 1) < 0;
  }

  long size(int id) {
    return unsigned(word(id, 2));
  }

  /// What a pointer, a typedef or a function refers to.
  int type(int id) {
    return word(id, 2);
  }

  /// One of the numbers that describe it, from its beginning.
  int word(int id, int index) {
    if (id > 0 && id < firstId && base.isPresent()) return base.get().word(id, index);
    if (id < firstId || id >= count()) throw broken("no type " + id + " among " + count());
    int at = starts[id - firstId] + index;
    if (at >= words.length) throw broken("it ends within type " + id);
    return words[at];
  }

  String name(int id) {
    return id == 0 ? "void" : text(word(id, 0));
  }

  String text(int offset) {
    var in = textsOf(offset);
    int begin = offset - in.firstText;
    return new String(in.texts, begin, in.end(begin) - begin, StandardCharsets.UTF_8);
  }

  /// The numbers of the types of a kind, without those of the base.
  int[] ofKind(int kind) {
    var found = new int[own];
    int count = 0;
    for (int i = 0; i < own; i++) {
      if ((words[starts[i] + 1] >>> 24 & 0x1f) == kind) found[count++] = firstId + i;
    }
    return Arrays.copyOf(found, count);
  }

  /// The names of types, in their order.
  NameIndex names(int[] ids) {
    var names = new NameIndex();
    for (int id : ids) {
      int offset = word(id, 0);
      var in = textsOf(offset);
      int begin = offset - in.firstText;
      names.add(in.texts, begin, in.end(begin));
    }
    return names;
  }

  private BtfTypes textsOf(int offset) {
    if (offset >= 0 && offset < firstText && base.isPresent()) return base.get().textsOf(offset);
    if (offset < firstText || offset >= firstText + texts.length)
      throw broken("no name at " + offset);
    return this;
  }

  private int end(int begin) {
    for (int at = begin; at < texts.length; at++) if (texts[at] == 0) return at;
    throw broken("a name does not end");
  }

  int skipQualifiers(int id) {
    return skip(id, false);
  }

  /// What is underneath typedefs and qualifiers.
  int underneath(int id) {
    return skip(id, true);
  }

  private int skip(int id, boolean typedefs) {
    for (int steps = 0; steps < count(); steps++) {
      switch (kind(id)) {
        case VOLATILE, CONST, RESTRICT, TYPE_TAG -> id = type(id);
        case TYPEDEF -> {
          if (!typedefs) return id;
          id = type(id);
        }
        default -> {
          return id;
        }
      }
    }
    throw broken("type " + id + " stands for itself");
  }

  /// The bytes that a value of a type takes.
  long sizeOf(int declared) {
    return sizeOf(declared, 0);
  }

  private long sizeOf(int declared, int depth) {
    int id = underneath(declared);
    return switch (kind(id)) {
      case PTR -> 8;
      case ARRAY -> {
        long element = sizeOf(word(id, 3), deeper(depth, id));
        long count = unsigned(word(id, 5));
        if (count > 0 && element > LARGEST / count) throw broken("type " + id + " is too large");
        yield count * element;
      }
      default -> size(id);
    };
  }

  /// One more than the types that were followed to this one. In a broken BTF they may lead back to
  /// themselves.
  int deeper(int depth, int id) {
    if (depth == DEEPEST)
      throw broken("type " + id + " contains itself, or is too deep in other types");
    return depth + 1;
  }

  /// Of a whole number or an enum. Kernels before 6.0 do not say in BTF whether an enum is signed.
  boolean isSigned(int id) {
    if (kind(id) == INT) return (word(id, 3) >>> 24 & 1) != 0;
    if (flag(id)) return true;
    if (kind(id) != ENUM) return false;
    for (int i = 0; i < vlen(id); i++) if (word(id, 4 + 2 * i) < 0) return true;
    return false;
  }

  private int[] ints(MemorySegment raw, long at, long count) {
    if (at + count * Integer.BYTES > raw.byteSize()) throw broken("it ends too early");
    var copy = new int[(int) count];
    MemorySegment.copy(raw, JAVA_INT_UNALIGNED, at, copy, 0, copy.length);
    return copy;
  }

  private byte[] bytes(MemorySegment raw, long at, long count) {
    if (at + count > raw.byteSize()) throw broken("it ends too early");
    var copy = new byte[(int) count];
    MemorySegment.copy(raw, JAVA_BYTE, at, copy, 0, copy.length);
    return copy;
  }

  private static long unsigned(int word) {
    return Integer.toUnsignedLong(word);
  }

  BpfException broken(String how) {
    return new BpfException(
        "read the type information (BTF) of " + whose + ": " + how + "; " + remedy, 0);
  }
}
