package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

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

  /// A struct at the address `base`. As its size and its fields' offsets are constants in the code
  /// that reads it, C2 needs not check a field's bounds, and makes no object of it.
  static MemorySegment struct(long base, long size) {
    return MEMORY.asSlice(base, size);
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
