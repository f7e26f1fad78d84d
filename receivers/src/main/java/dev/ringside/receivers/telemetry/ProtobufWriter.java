package dev.ringside.receivers.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes a protobuf message from its last byte to its first.
///
/// A nested message says its length before its content. Written backwards the length is known when
/// its turn comes, so one pass is enough, where OpenTelemetry's marshalers make one to measure and
/// one to write. What a caller writes first comes last; fields are written in descending order.
///
/// Wire format: <https://protobuf.dev/programming-guides/encoding/>. One thread.
final class ProtobufWriter {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int BYTES = 2;
  static final int FIXED32 = 5;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] buffer;
  private int at;

  ProtobufWriter(int capacity) {
    buffer = new byte[capacity];
    at = capacity;
  }

  /// Begins a new message in a buffer of its own when somebody may still read the last one.
  void reset(boolean stillRead) {
    if (stillRead) buffer = new byte[buffer.length];
    at = buffer.length;
  }

  byte[] array() {
    return buffer;
  }

  /// Where what was written begins; it ends with the array.
  int offset() {
    return at;
  }

  /// How many bytes were written.
  int size() {
    return buffer.length - at;
  }

  /// Room for so many bytes more.
  private void reserve(int bytes) {
    if (at >= bytes) return;
    int written = size();
    var larger = new byte[Math.addExact(Math.max(buffer.length * 2, written), bytes)];
    System.arraycopy(buffer, at, larger, larger.length - written, written);
    buffer = larger;
    at = larger.length - written;
  }

  /// A field's number and wire type; both fit into a byte for all fields up to 15.
  void tag(int field, int wireType) {
    varint(field << 3 | wireType);
  }

  void varint(long value) {
    if ((value & ~0x7fL) == 0) {
      reserve(1);
      buffer[--at] = (byte) value;
      return;
    }
    int length = (70 - Long.numberOfLeadingZeros(value)) / 7;
    reserve(length);
    int to = at -= length;
    for (long rest = value; ; rest >>>= 7) {
      if ((rest & ~0x7fL) == 0) {
        buffer[to] = (byte) rest;
        return;
      }
      buffer[to++] = (byte) (rest | 0x80);
    }
  }

  void fixed64(int field, long value) {
    reserve(8);
    at -= 8;
    LONGS.set(buffer, at, value);
    tag(field, FIXED64);
  }

  void fixed32(int field, int value) {
    reserve(4);
    at -= 4;
    INTS.set(buffer, at, value);
    tag(field, FIXED32);
  }

  void raw(byte[] bytes) {
    reserve(bytes.length);
    at -= bytes.length;
    System.arraycopy(bytes, 0, buffer, at, bytes.length);
  }

  void bytes(int field, byte[] bytes) {
    raw(bytes);
    length(field, bytes.length);
  }

  /// Closes a message, or whatever has a length, that was written since [#size] was `before`.
  void message(int field, int before) {
    length(field, size() - before);
  }

  private void length(int field, int length) {
    if (length < 0x80 && field < 0x10) {
      reserve(2);
      buffer[--at] = (byte) length;
      buffer[--at] = (byte) (field << 3 | BYTES);
      return;
    }
    varint(length);
    tag(field, BYTES);
  }

  /// A string's UTF-8.
  void string(int field, String text) {
    bytes(field, text.getBytes(StandardCharsets.UTF_8));
  }

  /// Sixteen or eight bytes from their lowercase hexadecimal form.
  void hex(int field, String digits) {
    int length = digits.length() / 2;
    reserve(length);
    at -= length;
    for (int i = 0; i < length; i++) {
      int high = Character.digit(digits.charAt(2 * i), 16);
      int low = Character.digit(digits.charAt(2 * i + 1), 16);
      buffer[at + i] = (byte) (high << 4 | low);
    }
    length(field, length);
  }

  byte[] toByteArray() {
    return since(0);
  }

  /// What was written since [#size] was `before`.
  byte[] since(int before) {
    return Arrays.copyOfRange(buffer, at, buffer.length - before);
  }
}
