package dev.ringside.receivers.telemetry;

import dev.ringside.bpf.Text;
import io.opentelemetry.api.common.AttributeKey;
import java.util.ArrayList;
import java.util.List;

/// Attributes that many events have in common, such as those of the process they are about.
///
/// Made once and set as one: an event that is sent over OTLP takes their bytes as a whole, where it
/// would otherwise write each of them again. Safe on any thread.
public final class SharedAttributes {

  /// What exporters send, in a message where attributes are this field.
  private record Encoded(int field, byte[] bytes) {}

  private final AttributeKey<?>[] keys;
  private final Object[] values;
  private final long mask;
  private final int characters;
  private final int longestValue;

  // Two exporters may each make the same.
  private volatile boolean isWritten;
  private volatile Encoded encoded;

  private SharedAttributes(Builder builder) {
    keys = builder.keys.toArray(AttributeKey<?>[]::new);
    values = builder.values.toArray();
    long bits = 0;
    int sum = 0;
    int longest = 0;
    for (int i = 0; i < keys.length; i++) {
      bits |= AttributeArray.bit(keys[i]);
      sum += AttributeArray.charactersOf(values[i]);
      longest = Math.max(longest, longestOf(values[i]));
    }
    mask = bits;
    characters = sum;
    longestValue = longest;
  }

  private static int longestOf(Object value) {
    if (!(value instanceof List<?> list)) return AttributeArray.charactersOf(value);
    return list.stream().mapToInt(SharedAttributes::longestOf).max().orElse(0);
  }

  public static Builder builder() {
    return new Builder();
  }

  int size() {
    return keys.length;
  }

  /// A bit per key, as [AttributeArray#bit] has it.
  long mask() {
    return mask;
  }

  int characters() {
    return characters;
  }

  /// Of the strings, also of those in lists.
  int longestValue() {
    return longestValue;
  }

  boolean has(AttributeKey<?> key) {
    for (var own : keys) if (own.equals(key)) return true;
    return false;
  }

  AttributeKey<?> key(int place) {
    return keys[place];
  }

  /// As an exporter wants it.
  Object value(int place) {
    if (values[place] instanceof Text text) values[place] = text.toString();
    return values[place];
  }

  /// Each by itself, in the order in which they were set.
  void setAll(EventBuilder event) {
    for (int i = 0; i < keys.length; i++) set(event, keys[i], value(i));
  }

  @SuppressWarnings("unchecked")
  private static <T> void set(EventBuilder event, AttributeKey<T> key, Object value) {
    event.set(key, (T) value);
  }

  /// What was written a second time is kept in bytes: many processes are seen only once.
  void write(AttributeWriter writer) {
    var known = encoded;
    if (known != null && known.field == writer.field()) {
      writer.raw(known.bytes);
      return;
    }
    int before = writer.size();
    for (int i = keys.length - 1; i >= 0; i--) writer.write(keys[i], values[i]);
    if (isWritten) encoded = new Encoded(writer.field(), writer.since(before));
    isWritten = true;
  }

  /// Collects them. One thread.
  public static final class Builder {
    private final List<AttributeKey<?>> keys = new ArrayList<>();
    private final List<Object> values = new ArrayList<>();

    private Builder() {}

    /// A null value leaves it out.
    public <T> Builder set(AttributeKey<T> key, T value) {
      if (value == null) return this;
      keys.add(key);
      values.add(value);
      return this;
    }

    /// An empty text leaves it out.
    public Builder setText(AttributeKey<String> key, Text value) {
      if (value.isEmpty()) return this;
      keys.add(key);
      values.add(value.isPlain() ? value : value.toString());
      return this;
    }

    public SharedAttributes build() {
      return new SharedAttributes(this);
    }
  }
}
