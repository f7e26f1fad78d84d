package dev.ringside.bpf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Bytes of variable length that an event carries (`struct text`): a path, an argument vector.
///
/// The kernel knows bytes, not characters. Bytes that are not UTF-8 are shown as `\xHH`, so two
/// different names never look the same by losing what does not fit.
///
/// @param bytes what arrived; not shared
/// @param cut whether there was more than fitted into the event
public record Text(byte[] bytes, boolean cut) {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHEST_BITS = 0x8080808080808080L;

  private static final char[] HEX = "0123456789abcdef".toCharArray();

  public static final Text EMPTY = new Text(new byte[0], false);

  public static Text of(String value) {
    return new Text(value.getBytes(StandardCharsets.UTF_8), false);
  }

  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /// The parts between NUL bytes; a NUL at the end begins no further part.
  public List<String> split() {
    var parts = new ArrayList<String>();
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        parts.add(decode(bytes, from, i - from));
        from = i + 1;
      }
    }
    if (from < bytes.length) parts.add(decode(bytes, from, bytes.length - from));
    return parts;
  }

  /// Whether all bytes are ASCII and none is NUL, so that they are the UTF-8 of [#toString].
  public boolean isPlain() {
    return isPlain(bytes, 0, bytes.length);
  }

  /// All bytes as one string, up to the first NUL.
  @Override
  public String toString() {
    if (isPlain()) return new String(bytes, StandardCharsets.ISO_8859_1);
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) end++;
    return decode(bytes, 0, end);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Text t && cut == t.cut && Arrays.equals(bytes, t.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes) * 31 + Boolean.hashCode(cut);
  }

  /// Eight bytes at a time: less one, a byte has its highest bit set only when it was 0 or had it
  /// before, up to the first that was 0.
  private static boolean isPlain(byte[] bytes, int from, int length) {
    int i = from;
    int end = from + length;
    for (; i <= end - 8; i += 8) {
      long eight = (long) LONGS.get(bytes, i);
      if (((eight - ONES | eight) & HIGHEST_BITS) != 0) return false;
    }
    for (; i < end; i++) if (bytes[i] <= 0) return false;
    return true;
  }

  static String decode(byte[] bytes, int from, int length) {
    if (isPlain(bytes, from, length)) {
      return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }
    CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes, from, length);
    CharBuffer out = CharBuffer.allocate(length * 4);
    while (true) {
      var result = utf8.decode(in, out, true);
      if (!result.isError()) return out.flip().toString();
      for (int i = 0; i < result.length(); i++) {
        int b = in.get() & 0xff;
        out.put('\\').put('x').put(HEX[b >> 4]).put(HEX[b & 15]);
      }
    }
  }
}
