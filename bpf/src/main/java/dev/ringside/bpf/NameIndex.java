package dev.ringside.bpf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.IntStream;

/// Some 100 000 names and where each was found, without a String of each: a cold JVM fills it in
/// tens of milliseconds, and most of its names are never asked for.
///
/// A name has the number of its turn, from 0; one that was added twice has both. Names are ASCII;
/// bytes that are not still make a name that is found again.
final class NameIndex {
  private byte[] bytes = new byte[1 << 16];
  private int used;

  /// By number: the hash, where the name ends, and the one before it in the same slot, or -1. It
  /// begins where the name before it ends.
  private int[] hashes = new int[1 << 12];

  private int[] ends = new int[1 << 12];
  private int[] previous = new int[1 << 12];
  private int count;

  /// By the low bits of the hash: the last number with those, or -1.
  private int[] slots = empty(1 << 13);

  /// Adds a name that lies in an array of bytes.
  ///
  /// @param end the index behind its last byte
  void add(byte[] from, int begin, int end) {
    int length = end - begin;
    if (used + length > bytes.length)
      bytes = Arrays.copyOf(bytes, Math.max(used + length, 2 * bytes.length));
    System.arraycopy(from, begin, bytes, used, length);
    used += length;
    if (count == ends.length) grow();
    int hash = hash(from, begin, end);
    int slot = hash & slots.length - 1;
    hashes[count] = hash;
    ends[count] = used;
    previous[count] = slots[slot];
    slots[slot] = count++;
  }

  int count() {
    return count;
  }

  /// The number of a name, or -1. Of one that was added several times, the last.
  int find(String name) {
    var sought = name.getBytes(StandardCharsets.ISO_8859_1);
    int hash = hash(sought, 0, sought.length);
    return equal(slots[hash & slots.length - 1], hash, sought, 0, sought.length);
  }

  /// The number before this one that has the same name, or -1.
  int again(int number) {
    return equal(previous[number], hashes[number], bytes, begin(number), ends[number]);
  }

  String name(int number) {
    int begin = begin(number);
    return new String(bytes, begin, ends[number] - begin, StandardCharsets.ISO_8859_1);
  }

  boolean startsWith(int number, byte[] prefix) {
    int begin = begin(number);
    return ends[number] - begin >= prefix.length
        && Arrays.equals(bytes, begin, begin + prefix.length, prefix, 0, prefix.length);
  }

  /// All names, by number.
  Iterator<String> each() {
    return IntStream.range(0, count).mapToObj(this::name).iterator();
  }

  private int equal(int number, int hash, byte[] sought, int from, int to) {
    while (number >= 0) {
      if (hashes[number] == hash
          && Arrays.equals(bytes, begin(number), ends[number], sought, from, to)) return number;
      number = previous[number];
    }
    return -1;
  }

  private int begin(int number) {
    return number == 0 ? 0 : ends[number - 1];
  }

  private void grow() {
    hashes = Arrays.copyOf(hashes, 2 * count);
    ends = Arrays.copyOf(ends, 2 * count);
    previous = Arrays.copyOf(previous, 2 * count);
    slots = empty(4 * count);
    for (int number = 0; number < count; number++) {
      int slot = hashes[number] & slots.length - 1;
      previous[number] = slots[slot];
      slots[slot] = number;
    }
  }

  private static int hash(byte[] bytes, int begin, int end) {
    int hash = 0;
    for (int at = begin; at < end; at++) hash = 31 * hash + bytes[at];
    return hash ^ hash >>> 15;
  }

  private static int[] empty(int size) {
    var slots = new int[size];
    Arrays.fill(slots, -1);
    return slots;
  }
}
