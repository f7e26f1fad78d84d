package dev.ringside.bpf;

import dev.ringside.bpf.DecoderCode.Read;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Reads one C struct into one Java record, component by component, by name.
///
/// Which reader fits which field is decided once, when the decoder is made; a component that fits
/// none is an error that names both sides. Reading itself only follows offsets, in code that is
/// generated for the record ([DecoderCode]). All numbers are in the machine's byte order.
final class Decoder<E> {
  private static final MethodHandles.Lookup HERE = MethodHandles.lookup();

  private final RecordReader reader;
  private final long size;

  private Decoder(RecordReader reader, long size) {
    this.reader = reader;
    this.size = size;
  }

  /// A decoder for `type` from `struct`, whose nested structs `btf` knows.
  static <E extends Record> Decoder<E> of(Class<E> type, Btf.Struct struct, Btf btf) {
    var made = record(type, struct, btf, 0);
    try {
      return new Decoder<>(DecoderCode.reader(privateLookup(type), made), size(struct));
    } catch (ReflectiveOperationException e) {
      throw notConstructed(type, e);
    }
  }

  /// What does the same for events in a ring, and hands each to the handler.
  static <E extends Record> RecordSink sink(
      Class<E> type, Btf.Struct struct, Btf btf, Consumer<? super E> handler) {
    var made = record(type, struct, btf, 0);
    try {
      return SinkCode.sink(privateLookup(type), made, size(struct), handler);
    } catch (ReflectiveOperationException e) {
      throw notConstructed(type, e);
    }
  }

  private static MethodHandles.Lookup privateLookup(Class<?> type) throws IllegalAccessException {
    return MethodHandles.privateLookupIn(type, HERE);
  }

  private static long size(Btf.Struct struct) {
    return struct.field("texts").map(Btf.Field::offset).orElse(struct.size());
  }

  private static IllegalArgumentException notConstructed(Class<?> type, Exception cause) {
    return new IllegalArgumentException(
        "record " + type.getName() + " cannot be constructed", cause);
  }

  /// Reads the struct at the address `base`, of which `length` bytes are there. Throws when that is
  /// too short.
  @SuppressWarnings("unchecked")
  E decode(long base, long length) {
    RecordReader.check(length, size);
    return (E) reader.read(base, length);
  }

  private static Read.Nested record(Class<?> type, Btf.Struct struct, Btf btf, long offset) {
    var reads = new ArrayList<Read>();
    for (var component : type.getRecordComponents()) {
      var name = snake(component.getName());
      var field =
          struct.fields().size() == 1 && struct.fields().getFirst().name().isEmpty()
              ? struct.fields().getFirst()
              : struct.field(name).orElseThrow(() -> missing(type, name, struct));
      reads.add(reader(type, component.getType(), field, struct, btf, offset + field.offset()));
    }
    return new Read.Nested(type, reads);
  }

  private static Read reader(
      Class<?> record, Class<?> type, Btf.Field field, Btf.Struct struct, Btf btf, long offset) {
    if (type.isRecord()
        && type != Text.class
        && field.kind() == BtfTypes.STRUCT
        && !field.isArray()) {
      return record(type, btf.struct(field.id()), btf, offset);
    }
    if (type == Text.class && isText(field)) return new Read.Bytes(offset);
    if (type == String.class && field.isArray() && field.size() == 1)
      return new Read.Chars(offset, field.count());
    if (isNumber(field) && fits(type, field))
      return new Read.Number(type, (int) field.size(), field.signed(), offset);
    throw new IllegalArgumentException(
        "record %s: component of type %s does not fit `%s` of struct %s"
            .formatted(record.getSimpleName(), type.getSimpleName(), field, struct.name()));
  }

  private static boolean isText(Btf.Field field) {
    return field.kind() == BtfTypes.STRUCT && field.type().equals("text") && !field.isArray();
  }

  private static boolean isNumber(Btf.Field field) {
    return !field.isArray() && (field.kind() == BtfTypes.INT || field.kind() == BtfTypes.ENUM);
  }

  private static boolean fits(Class<?> type, Btf.Field field) {
    long size = field.size();
    if (type == long.class) return size == 8 || size == 4 && !field.signed();
    if (type == int.class) return size == 4 || size == 2 || size == 1;
    return type == boolean.class && (size == 1 || size == 4);
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
}
