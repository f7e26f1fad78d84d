package dev.ringside.receivers.telemetry;

import dev.ringside.bpf.Text;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Attributes as `opentelemetry.proto.common.v1.KeyValue`, backwards. One thread.
final class AttributeWriter {
  // opentelemetry.proto.common.v1
  private static final int KEY = 1;
  private static final int VALUE = 2;
  private static final int STRING_VALUE = 1;
  private static final int BOOL_VALUE = 2;
  private static final int INT_VALUE = 3;
  private static final int DOUBLE_VALUE = 4;
  private static final int ARRAY_VALUE = 5;
  private static final int KEY_VALUE_LIST = 6;
  private static final int BYTES_VALUE = 7;
  private static final int VALUES = 1;

  /// Keys are constants, a few dozen; others than the first so many are written anew each time.
  private static final int CACHED_KEYS = 1024;

  private final ProtobufWriter out;
  private final int field;

  // A table of keys by their hash, and what belongs to the key in the same place: its field, the
  // last value that lasts, and, once that came twice in a row, the whole attribute with it.
  private final AttributeKey<?>[] keys = new AttributeKey<?>[4 * CACHED_KEYS];
  private final byte[][] encodedKeys = new byte[4 * CACHED_KEYS][];
  private final Object[] lastValues = new Object[4 * CACHED_KEYS];
  private final byte[][] lastAttributes = new byte[4 * CACHED_KEYS][];
  private int cached;

  /// @param field of each attribute in its message
  AttributeWriter(ProtobufWriter out, int field) {
    this.out = out;
    this.field = field;
  }

  /// Of each attribute in its message.
  int field() {
    return field;
  }

  int size() {
    return out.size();
  }

  /// What was written since [#size] was `before`.
  byte[] since(int before) {
    return out.since(before);
  }

  /// Attributes that are encoded already.
  void raw(byte[] attributes) {
    out.raw(attributes);
  }

  void write(Attributes attributes) {
    if (attributes instanceof AttributeArray array) {
      array.writeBackwards(this);
      return;
    }
    var all = new ArrayList<>(attributes.asMap().entrySet());
    for (Map.Entry<AttributeKey<?>, Object> entry : all.reversed()) {
      write(entry.getKey(), entry.getValue());
    }
  }

  void write(AttributeKey<?> key, Object value) {
    int place = place(key);
    boolean again = place >= 0 && lastValues[place] == value;
    if (again && lastAttributes[place] != null) {
      out.raw(lastAttributes[place]);
      return;
    }
    int before = out.size();
    value(value);
    finish(before, key, place);
    if (again && lasts(value)) lastAttributes[place] = out.since(before);
    else if (place >= 0 && !again) {
      lastValues[place] = value;
      lastAttributes[place] = null;
    }
  }

  /// Whether the same object is the same value for ever.
  private static boolean lasts(Object value) {
    // Lists that cannot change are not copied.
    return value instanceof String || value instanceof List<?> list && List.copyOf(list) == list;
  }

  void write(AttributeKey<?> key, long value) {
    int before = out.size();
    number(value);
    finish(before, key, place(key));
  }

  void write(AttributeKey<?> key, double value) {
    int before = out.size();
    out.fixed64(DOUBLE_VALUE, Double.doubleToRawLongBits(value));
    finish(before, key, place(key));
  }

  private void finish(int before, AttributeKey<?> key, int place) {
    out.message(VALUE, before);
    out.raw(place >= 0 ? encodedKeys[place] : encoded(key));
    out.message(field, before);
  }

  /// Where what is known of the key stands; negative when there are too many keys.
  private int place(AttributeKey<?> key) {
    int mask = keys.length - 1;
    int hash = key.hashCode();
    int place = (hash ^ hash >>> 16) & mask;
    while (keys[place] != key) {
      if (keys[place] == null) {
        if (cached == CACHED_KEYS) return -1;
        cached++;
        keys[place] = key;
        encodedKeys[place] = encoded(key);
        return place;
      }
      place = place + 1 & mask;
    }
    return place;
  }

  /// The whole field of the key.
  private static byte[] encoded(AttributeKey<?> key) {
    var writer = new ProtobufWriter(64);
    writer.string(KEY, key.getKey());
    return writer.toByteArray();
  }

  private void number(long value) {
    out.varint(value);
    out.tag(INT_VALUE, ProtobufWriter.VARINT);
  }

  /// The content of an `AnyValue`. Not a switch: C1 does not see through those over types.
  private void value(Object value) {
    if (value instanceof Text ascii) out.bytes(STRING_VALUE, ascii.bytes());
    else if (value instanceof String text) out.string(STRING_VALUE, text);
    else if (value instanceof List<?> list) list(list);
    else if (value instanceof Long number) number(number);
    else if (value instanceof Double number) {
      out.fixed64(DOUBLE_VALUE, Double.doubleToRawLongBits(number));
    } else if (value instanceof Boolean truth) {
      out.varint(truth ? 1 : 0);
      out.tag(BOOL_VALUE, ProtobufWriter.VARINT);
    } else if (value instanceof Value<?> other) any(other);
    else throw new IllegalArgumentException("attribute value of " + value.getClass());
  }

  private void list(List<?> list) {
    int before = out.size();
    for (int i = list.size() - 1; i >= 0; i--) {
      int item = out.size();
      value(list.get(i));
      out.message(VALUES, item);
    }
    out.message(ARRAY_VALUE, before);
  }

  void any(Value<?> value) {
    switch (value.getValue()) {
      case ByteBuffer buffer -> {
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        out.bytes(BYTES_VALUE, bytes);
      }
      case List<?> list when !list.isEmpty() && list.getFirst() instanceof KeyValue -> map(list);
      case Object plain -> value(plain);
    }
  }

  private void map(List<?> entries) {
    int before = out.size();
    for (var entry : entries.reversed()) {
      int item = out.size();
      any(((KeyValue) entry).getValue());
      out.message(VALUE, item);
      out.string(KEY, ((KeyValue) entry).getKey());
      out.message(VALUES, item);
    }
    out.message(KEY_VALUE_LIST, before);
  }
}
