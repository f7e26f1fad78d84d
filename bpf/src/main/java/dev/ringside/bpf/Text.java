package dev.ringside.bpf;

import java.nio.ByteBuffer;
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

  /// All bytes as one string, up to the first NUL.
  @Override
  public String toString() {
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

  static String decode(byte[] bytes, int from, int length) {
    boolean ascii = true;
    for (int i = from; i < from + length && ascii; i++) ascii = bytes[i] >= 0;
    if (ascii) return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
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
