package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static java.lang.invoke.MethodType.methodType;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.List;

/// Reads one C struct into one Java record, component by component, by name.
///
/// Which reader fits which field is decided once, when the decoder is made; a component that fits
/// none is an error that names both sides. Reading itself only follows offsets. All numbers are in
/// the machine's byte order.
final class Decoder<E> {
  private static final MethodHandles.Lookup HERE = MethodHandles.lookup();

  // (memory, where the struct begins, how many bytes there are from there)
  private final MethodHandle read;
  private final long size;

  private Decoder(MethodHandle read, long size) {
    this.read = read;
    this.size = size;
  }

  /// A decoder for `type` from `struct`, whose nested structs `btf` knows.
  static <E extends Record> Decoder<E> of(Class<E> type, Btf.Struct struct, Btf btf) {
    var made = record(type, struct, btf, 0);
    long texts = struct.field("texts").map(Btf.Field::offset).orElse(struct.size());
    return new Decoder<>(
        made.asType(methodType(Object.class, MemorySegment.class, long.class, long.class)), texts);
  }

  /// Reads the struct at `base`, of which `length` bytes are there. Throws when that is too short.
  @SuppressWarnings("unchecked")
  E decode(MemorySegment memory, long base, long length) {
    if (length < size) {
      throw new IndexOutOfBoundsException(
          "an event of " + length + " bytes, at least " + size + " expected");
    }
    try {
      return (E) (Object) read.invokeExact(memory, base, length);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException("a record's constructor threw", t);
    }
  }

  private static MethodHandle record(Class<?> type, Btf.Struct struct, Btf btf, long offset) {
    var components = type.getRecordComponents();
    var types = new Class<?>[components.length];
    var readers = new MethodHandle[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      var name = snake(components[i].getName());
      var field =
          struct.fields().size() == 1 && struct.fields().getFirst().name().isEmpty()
              ? struct.fields().getFirst()
              : struct.field(name).orElseThrow(() -> missing(type, name, struct));
      readers[i] = reader(type, types[i], field, struct, btf, offset + field.offset());
    }
    try {
      var make =
          MethodHandles.privateLookupIn(type, HERE)
              .findConstructor(type, methodType(void.class, types));
      var order = new int[components.length * 3];
      for (int i = components.length - 1; i >= 0; i--) {
        make = MethodHandles.collectArguments(make, i, readers[i]);
      }
      for (int i = 0; i < order.length; i++) order[i] = i % 3;
      return MethodHandles.permuteArguments(
          make, methodType(type, MemorySegment.class, long.class, long.class), order);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("record " + type.getName() + " cannot be constructed", e);
    }
  }

  private static MethodHandle reader(
      Class<?> record, Class<?> type, Btf.Field field, Btf.Struct struct, Btf btf, long offset) {
    if (type.isRecord() && type != Text.class && field.kind() == Btf.STRUCT && !field.isArray()) {
      return record(type, btf.struct(field.id()), btf, offset);
    }
    String name = readerFor(type, field);
    if (name == null) {
      throw new IllegalArgumentException(
          "record %s: component of type %s does not fit `%s` of struct %s"
              .formatted(record.getSimpleName(), type.getSimpleName(), field, struct.name()));
    }
    try {
      if (name.equals("string")) {
        var read =
            HERE.findStatic(
                Decoder.class,
                name,
                methodType(
                    type, MemorySegment.class, long.class, long.class, long.class, int.class));
        return MethodHandles.insertArguments(read, 3, offset, field.count());
      }
      var read =
          HERE.findStatic(
              Decoder.class,
              name,
              methodType(type, MemorySegment.class, long.class, long.class, long.class));
      return MethodHandles.insertArguments(read, 3, offset);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("reader " + name, e);
    }
  }

  private static String readerFor(Class<?> type, Btf.Field field) {
    if (type == Text.class) {
      return field.kind() == Btf.STRUCT && field.type().equals("text") && !field.isArray()
          ? "text"
          : null;
    }
    if (type == String.class) return field.isArray() && field.size() == 1 ? "string" : null;
    if (field.isArray() || field.kind() != Btf.INT && field.kind() != Btf.ENUM) return null;
    if (type == long.class) {
      return field.size() == 8 ? "i64" : field.size() == 4 && !field.signed() ? "u32" : null;
    }
    if (type == int.class) {
      return switch ((int) field.size()) {
        case 4 -> "i32";
        case 2 -> field.signed() ? "i16" : "u16";
        case 1 -> field.signed() ? "i8" : "u8";
        default -> null;
      };
    }
    if (type == boolean.class)
      return field.size() == 1 ? "flag" : field.size() == 4 ? "flag32" : null;
    return null;
  }

  private static IllegalArgumentException missing(Class<?> type, String name, Btf.Struct struct) {
    List<String> there = struct.fields().stream().map(Btf.Field::name).toList();
    return new IllegalArgumentException(
        "record %s: struct %s has no field %s; it has %s"
            .formatted(type.getSimpleName(), struct.name(), name, there));
  }

  private static String snake(String camel) {
    return camel.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
  }

  // One reader for each fit: (memory, base, length, offset).

  private static long i64(MemorySegment m, long base, long length, long offset) {
    return m.get(JAVA_LONG_UNALIGNED, base + offset);
  }

  private static long u32(MemorySegment m, long base, long length, long offset) {
    return Integer.toUnsignedLong(m.get(JAVA_INT_UNALIGNED, base + offset));
  }

  private static int i32(MemorySegment m, long base, long length, long offset) {
    return m.get(JAVA_INT_UNALIGNED, base + offset);
  }

  private static int u16(MemorySegment m, long base, long length, long offset) {
    return Short.toUnsignedInt(m.get(JAVA_SHORT_UNALIGNED, base + offset));
  }

  private static int i16(MemorySegment m, long base, long length, long offset) {
    return m.get(JAVA_SHORT_UNALIGNED, base + offset);
  }

  private static int u8(MemorySegment m, long base, long length, long offset) {
    return Byte.toUnsignedInt(m.get(JAVA_BYTE, base + offset));
  }

  private static int i8(MemorySegment m, long base, long length, long offset) {
    return m.get(JAVA_BYTE, base + offset);
  }

  private static boolean flag(MemorySegment m, long base, long length, long offset) {
    return m.get(JAVA_BYTE, base + offset) != 0;
  }

  private static boolean flag32(MemorySegment m, long base, long length, long offset) {
    return m.get(JAVA_INT_UNALIGNED, base + offset) != 0;
  }

  private static String string(MemorySegment m, long base, long length, long offset, int most) {
    int n = 0;
    while (n < most && m.get(JAVA_BYTE, base + offset + n) != 0) n++;
    var bytes = new byte[n];
    MemorySegment.copy(m, JAVA_BYTE, base + offset, bytes, 0, n);
    return Text.decode(bytes, 0, n);
  }

  private static Text text(MemorySegment m, long base, long length, long offset) {
    long at = Integer.toUnsignedLong(m.get(JAVA_INT_UNALIGNED, base + offset));
    int n = Short.toUnsignedInt(m.get(JAVA_SHORT_UNALIGNED, base + offset + 4));
    boolean cut = m.get(JAVA_SHORT_UNALIGNED, base + offset + 6) != 0;
    if (n == 0 && !cut) return Text.EMPTY;
    // The kernel side is ours, but memory is memory: nothing outside the event is ever read.
    if (at > length || n > length - at) {
      throw new IndexOutOfBoundsException(
          "a text of %d bytes at %d in an event of %d bytes".formatted(n, at, length));
    }
    var bytes = new byte[n];
    MemorySegment.copy(m, JAVA_BYTE, base + at, bytes, 0, n);
    return new Text(bytes, cut);
  }
}
