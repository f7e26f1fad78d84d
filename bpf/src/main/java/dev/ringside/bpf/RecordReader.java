package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/// Reads one C struct into one record. Not for callers: public only because the code that
/// implements it is generated beside the record, in the record's package.
public interface RecordReader {
  /// All memory there is. A ring's bounds are checked once per event, against its length; a segment
  /// of the ring's own would have them checked once per field, which takes longer than reading.
  MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  /// @param base the address at which the struct begins
  /// @param length how many bytes there are from there; at least as many as the struct has before
  ///   its texts
  Record read(long base, long length);

  static boolean flag(int value) {
    return value != 0;
  }

  /// @param at where a `char[most]` begins, which ends before its first NUL
  static String string(long at, int most) {
    int n = 0;
    while (n < most && MEMORY.get(JAVA_BYTE, at + n) != 0) n++;
    var bytes = new byte[n];
    MemorySegment.copy(MEMORY, JAVA_BYTE, at, bytes, 0, n);
    return Text.decode(bytes, 0, n);
  }

  /// @param field where the `struct text` stands
  static Text text(long base, long length, long field) {
    long at = Integer.toUnsignedLong(MEMORY.get(JAVA_INT_UNALIGNED, field));
    int n = Short.toUnsignedInt(MEMORY.get(JAVA_SHORT_UNALIGNED, field + 4));
    boolean cut = MEMORY.get(JAVA_SHORT_UNALIGNED, field + 6) != 0;
    if (n == 0 && !cut) return Text.EMPTY;
    // The kernel side is ours, but memory is memory: nothing outside the event is ever read.
    if (at > length || n > length - at) {
      throw new IndexOutOfBoundsException(
          "a text of %d bytes at %d in an event of %d bytes".formatted(n, at, length));
    }
    var bytes = new byte[n];
    MemorySegment.copy(MEMORY, JAVA_BYTE, base + at, bytes, 0, n);
    return new Text(bytes, cut);
  }
}
