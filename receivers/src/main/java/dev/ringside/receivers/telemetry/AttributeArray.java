package dev.ringside.receivers.telemetry;

import dev.ringside.bpf.Text;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/// Attributes that are filled, exported and filled again, in the order in which they are set.
///
/// Numbers are kept as they are. A reader of `forEach` wants objects, so a number is boxed when it
/// is first read, and an integer's box is kept for as long as the same place holds the same number:
/// most of them (pids, users, descriptors) come again.
///
/// A text of the kernel's is kept as bytes and becomes a string when it is first read as one.
///
/// [SharedAttributes] are one entry, without a key of its own. One of their keys that is set again
/// takes them apart.
///
/// Filled by one thread. Several exporters may read at once; they may make the same box or string
/// twice.
final class AttributeArray implements Attributes {
  /// 2³² divided by the golden ratio: spreads a hash over the highest bits.
  private static final int GOLDEN = 0x9E3779B9;

  private final int valueLengthLimit;
  private AttributeKey<?>[] keys = new AttributeKey<?>[16];
  private int[] hashes = new int[16];
  private Object[] values = new Object[16];
  private long[] numbers = new long[16];
  private Object[] boxes = new Object[16];
  private int entries;
  private int size;
  private int characters;

  /// A bit per key, by its hash: what is not here was not set.
  private long seen;

  /// @param valueLengthLimit longer strings are cut to so many chars, also those in lists
  AttributeArray(int valueLengthLimit) {
    this.valueLengthLimit = valueLengthLimit;
  }

  void clear() {
    entries = 0;
    size = 0;
    characters = 0;
    seen = 0;
  }

  /// Of all strings that were set since [#clear].
  int characters() {
    return characters;
  }

  <T> void put(AttributeKey<T> key, T value) {
    if (value == null) return;
    if (value instanceof Long number && key.getType() == AttributeType.LONG) {
      put(key, number.longValue(), null);
    } else {
      var kept = limited(value);
      characters += charactersOf(kept);
      put(key, 0, kept);
    }
  }

  static int charactersOf(Object value) {
    if (value instanceof String text) return text.length();
    if (value instanceof Text text) return text.bytes().length;
    int sum = 0;
    if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) sum += charactersOf(list.get(i));
    }
    return sum;
  }

  /// Kept as bytes where these are ASCII, which the encoder copies as they are. An empty text is
  /// left out.
  void putText(AttributeKey<String> key, Text value) {
    int length = value.bytes().length;
    if (length > valueLengthLimit || !value.isPlain()) {
      String text = value.toString();
      put(key, text.isEmpty() ? null : text);
    } else if (length > 0) {
      characters += length;
      put(key, 0, value);
    }
  }

  void put(AttributeKey<Long> key, long value) {
    put(key, value, null);
  }

  void put(SharedAttributes shared) {
    if (shared.longestValue() > valueLengthLimit || hasAny(shared)) {
      for (int i = 0; i < shared.size(); i++) putAny(shared.key(i), shared.value(i));
      return;
    }
    seen |= shared.mask();
    characters += shared.characters();
    size += shared.size();
    if (entries == keys.length) grow();
    keys[entries] = null;
    hashes[entries] = 0;
    values[entries++] = shared;
  }

  private boolean hasAny(SharedAttributes shared) {
    if ((seen & shared.mask()) == 0) return false;
    for (int i = 0; i < shared.size(); i++) if (has(shared.key(i))) return true;
    return false;
  }

  private boolean has(AttributeKey<?> key) {
    if ((seen & bit(key)) == 0) return false;
    for (int i = 0; i < entries; i++) {
      if (keys[i] == null ? ((SharedAttributes) values[i]).has(key) : keys[i].equals(key))
        return true;
    }
    return false;
  }

  @SuppressWarnings("unchecked")
  private <T> void putAny(AttributeKey<T> key, Object value) {
    put(key, (T) value);
  }

  void put(AttributeKey<Double> key, double value) {
    put(key, Double.doubleToRawLongBits(value), null);
  }

  private void put(AttributeKey<?> key, long number, Object value) {
    int place = place(key);
    numbers[place] = number;
    values[place] = value;
  }

  /// A bit per key, by its hash.
  static long bit(AttributeKey<?> key) {
    return bit(key.hashCode());
  }

  private static long bit(int hash) {
    return 1L << (hash * GOLDEN >>> 26);
  }

  /// Where the key is, or a new place for it.
  private int place(AttributeKey<?> key) {
    int hash = key.hashCode();
    long bit = bit(hash);
    if ((seen & bit) != 0) {
      for (int i = 0; i < entries; i++) {
        if (keys[i] == null) takeApart(i, key);
        if (hashes[i] == hash && key.equals(keys[i])) return i;
      }
    }
    seen |= bit;
    if (entries == keys.length) grow();
    keys[entries] = key;
    hashes[entries] = hash;
    size++;
    return entries++;
  }

  /// If the shared attributes in this place have the key.
  private void takeApart(int place, AttributeKey<?> key) {
    var shared = (SharedAttributes) values[place];
    if (!shared.has(key)) return;
    int more = shared.size() - 1;
    while (entries + more > keys.length) grow();
    for (int i = entries - 1; i > place; i--) {
      keys[i + more] = keys[i];
      hashes[i + more] = hashes[i];
      values[i + more] = values[i];
      numbers[i + more] = numbers[i];
    }
    entries += more;
    for (int i = 0; i < shared.size(); i++) {
      keys[place + i] = shared.key(i);
      hashes[place + i] = shared.key(i).hashCode();
      values[place + i] = shared.value(i);
    }
  }

  private void grow() {
    int length = keys.length * 2;
    keys = Arrays.copyOf(keys, length);
    hashes = Arrays.copyOf(hashes, length);
    values = Arrays.copyOf(values, length);
    numbers = Arrays.copyOf(numbers, length);
    boxes = Arrays.copyOf(boxes, length);
  }

  private Object limited(Object value) {
    if (value instanceof String text) return cut(text);
    if (!(value instanceof List<?> list)) return value;
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i) instanceof String text && text.length() > valueLengthLimit) {
        var all = new ArrayList<Object>(list);
        all.replaceAll(item -> item instanceof String s ? cut(s) : item);
        return all;
      }
    }
    return list;
  }

  /// Never between the two halves of a character outside the basic plane: half of one has no UTF-8.
  private String cut(String text) {
    if (text.length() <= valueLengthLimit) return text;
    int end = valueLengthLimit;
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) end--;
    return text.substring(0, end);
  }

  /// The last one first; numbers are not boxed for it.
  void writeBackwards(AttributeWriter writer) {
    for (int i = entries - 1; i >= 0; i--) {
      var value = values[i];
      if (keys[i] == null) ((SharedAttributes) value).write(writer);
      else if (value != null) writer.write(keys[i], value);
      else if (keys[i].getType() == AttributeType.LONG) writer.write(keys[i], numbers[i]);
      else writer.write(keys[i], Double.longBitsToDouble(numbers[i]));
    }
  }

  private Object value(int i) {
    if (values[i] instanceof Text text) values[i] = text.toString();
    if (values[i] != null) return values[i];
    if (keys[i].getType() == AttributeType.DOUBLE) return Double.longBitsToDouble(numbers[i]);
    if (boxes[i] instanceof Long box && box == numbers[i]) return box;
    return boxes[i] = numbers[i];
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T> T get(AttributeKey<T> key) {
    for (int i = 0; i < entries; i++) {
      if (keys[i] != null) {
        if (keys[i].equals(key)) return (T) value(i);
        continue;
      }
      var shared = (SharedAttributes) values[i];
      for (int j = 0; j < shared.size(); j++)
        if (shared.key(j).equals(key)) return (T) shared.value(j);
    }
    // Asking for any attribute as a Value has rules of its own; the API's implementation knows
    // them.
    return key.getType() == AttributeType.VALUE ? toBuilder().build().get(key) : null;
  }

  @Override
  public void forEach(BiConsumer<? super AttributeKey<?>, ? super Object> consumer) {
    for (int i = 0; i < entries; i++) {
      if (keys[i] != null) {
        consumer.accept(keys[i], value(i));
        continue;
      }
      var shared = (SharedAttributes) values[i];
      for (int j = 0; j < shared.size(); j++) consumer.accept(shared.key(j), shared.value(j));
    }
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public boolean isEmpty() {
    return size == 0;
  }

  @Override
  public Map<AttributeKey<?>, Object> asMap() {
    var map = new LinkedHashMap<AttributeKey<?>, Object>();
    forEach(map::put);
    return map;
  }

  @Override
  public AttributesBuilder toBuilder() {
    return Attributes.builder().putAll(this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Attributes attributes && asMap().equals(attributes.asMap());
  }

  @Override
  public int hashCode() {
    return asMap().hashCode();
  }

  @Override
  public String toString() {
    return asMap().toString();
  }
}
