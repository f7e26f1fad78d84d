package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// Reads one C struct into one record. Not for callers: public only because the code that
/// implements it is generated beside the record, in the record's package.
public interface RecordReader {
  /// All memory there is. A ring's bounds are checked once per event, against its length; a segment
  /// of the ring's own would have them checked once per field, which takes longer than reading.
  MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  VarHandle HEADER = JAVA_INT.varHandle();

  /// No address of a process is beyond, with four-level page tables or five.
  long ADDRESSES = (1L << 56) - 1;

  /// @param base the address at which the struct begins
  /// @param length how many bytes there are from there; at least as many as the struct has before
  ///   its texts
  Record read(long base, long length);

  /// @param size bytes that the struct has before its texts
  static void check(long length, long size) {
    if (length < size) {
      throw new IndexOutOfBoundsException(
          "an event of " + length + " bytes, at least " + size + " expected");
    }
  }

  /// The header of the event whose struct is at `base`; to be read before the struct is. Headers
  /// are aligned, and C2 needs not check it.
  static long header(long base) {
    return (int) HEADER.getAcquire(MEMORY, base - RingReader.HEADER_BYTES & ADDRESSES & ~7);
  }

  static boolean isComplete(long header) {
    return ((int) header & (RingReader.BUSY | RingReader.DISCARDED)) == 0;
  }

  /// Bytes from an event to the next one.
  static long step(long header) {
    return RingReader.after(0, header);
  }

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

  /// The address itself, as all are below 2^56. C2 knows it from here on, and checks no bounds of
  /// all memory.
  static long bounded(long address) {
    return address & ADDRESSES;
  }

  static long int64(long at) {
    return MEMORY.get(JAVA_LONG_UNALIGNED, at);
  }

  static int int32(long at) {
    return MEMORY.get(JAVA_INT_UNALIGNED, at);
  }

  static short int16(long at) {
    return MEMORY.get(JAVA_SHORT_UNALIGNED, at);
  }

  static byte int8(long at) {
    return MEMORY.get(JAVA_BYTE, at);
  }

  /// @param text the eight bytes of a `struct text`: where it is, its length, and whether it is cut
  static Text text(long base, long length, long text) {
    if (text >>> Integer.SIZE == 0) return Text.EMPTY;
    long at = Integer.toUnsignedLong((int) text);
    int n = (int) (text >>> Integer.SIZE) & 0xffff;
    boolean cut = text >>> Integer.SIZE + Short.SIZE != 0;
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
