package dev.ringside.receivers.elf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/// A piece of a file, in memory: numbers and names that a stranger may have written.
record Bytes(ByteBuffer buffer) {
  /// No symbol table is larger; one of a browser with all its names has 100 MB.
  private static final long MOST = 1 << 30;

  static Bytes read(FileChannel file, long offset, long size)
      throws IOException, InvalidFileException {
    if (offset < 0 || size < 0 || size > MOST || offset > file.size() - size)
      throw new InvalidFileException("a part of it is said to be where it ends");
    var buffer = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, offset + buffer.position()) < 0)
        throw new EOFException("the file became shorter");
    }
    return new Bytes(buffer.flip());
  }

  int size() {
    return buffer.limit();
  }

  int u8(long at) throws InvalidFileException {
    return buffer.get(index(at, 1)) & 0xff;
  }

  int u16(long at) throws InvalidFileException {
    return buffer.getShort(index(at, 2)) & 0xffff;
  }

  /// Sizes and indices above 2^31 come out negative, and are refused where they are used.
  int i32(long at) throws InvalidFileException {
    return buffer.getInt(index(at, 4));
  }

  long i64(long at) throws InvalidFileException {
    return buffer.getLong(index(at, 8));
  }

  /// The text up to the next NUL.
  String text(long at) throws InvalidFileException {
    int begin = index(at, 1);
    int end = begin;
    while (end < size() && buffer.get(end) != 0) end++;
    if (end == size()) throw new InvalidFileException("a name in it has no end");
    return new String(buffer.array(), begin, end - begin, UTF_8);
  }

  private int index(long at, int bytes) throws InvalidFileException {
    if (at < 0 || at > (long) size() - bytes)
      throw new InvalidFileException("a part of it points behind its end");
    return (int) at;
  }
}
