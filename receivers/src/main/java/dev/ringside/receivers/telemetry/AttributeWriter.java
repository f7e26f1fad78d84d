package dev.ringside.receivers.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
  private final AttributeKey<?>[] keys = new AttributeKey<?>[4 * CACHED_KEYS];
  private final byte[][] encodedKeys = new byte[4 * CACHED_KEYS][];
  private int cached;

  AttributeWriter(ProtobufWriter out) {
    this.out = out;
  }

  /// All attributes, each as a message in `field`.
  void write(int field, Attributes attributes) {
    if (attributes instanceof AttributeArray array) {
      array.writeBackwards(this, field);
      return;
    }
    var all = new ArrayList<>(attributes.asMap().entrySet());
    for (Map.Entry<AttributeKey<?>, Object> entry : all.reversed()) {
      write(field, entry.getKey(), entry.getValue());
    }
  }

  void write(int field, AttributeKey<?> key, Object value) {
    int before = out.size();
    value(value);
    finish(field, before, key);
  }

  void write(int field, AttributeKey<?> key, long value) {
    int before = out.size();
    number(value);
    finish(field, before, key);
  }

  private void finish(int field, int before, AttributeKey<?> key) {
    out.message(VALUE, before);
    out.raw(encoded(key));
    out.message(field, before);
  }

  /// The whole field of the key.
  private byte[] encoded(AttributeKey<?> key) {
    int mask = keys.length - 1;
    int hash = key.hashCode();
    int place = (hash ^ hash >>> 16) & mask;
    while (keys[place] != null) {
      if (keys[place] == key) return encodedKeys[place];
      place = place + 1 & mask;
    }
    var writer = new ProtobufWriter(64);
    writer.bytes(KEY, key.getKey().getBytes(StandardCharsets.UTF_8));
    byte[] encoded = writer.toByteArray();
    if (cached < CACHED_KEYS) {
      cached++;
      keys[place] = key;
      encodedKeys[place] = encoded;
    }
    return encoded;
  }

  private void number(long value) {
    out.varint(value);
    out.tag(INT_VALUE, ProtobufWriter.VARINT);
  }

  /// The content of an `AnyValue`.
  private void value(Object value) {
    switch (value) {
      case String text -> out.string(STRING_VALUE, text);
      case Long number -> number(number);
      case Double number -> out.fixed64(DOUBLE_VALUE, Double.doubleToRawLongBits(number));
      case Boolean truth -> {
        out.varint(truth ? 1 : 0);
        out.tag(BOOL_VALUE, ProtobufWriter.VARINT);
      }
      case List<?> list -> list(list);
      case Value<?> other -> any(other);
      default -> throw new IllegalArgumentException("attribute value of " + value.getClass());
    }
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
