package dev.ringside.bpf;

import java.io.IOException;
import java.io.InputStream;

/// Long texts of the kernel, line by line, without a String of each and without keeping the text.
final class TextLines {
  /// What the kernel gives at a time is at most a page, or two.
  private static final int PAGES = 8192;

  /// No line of the kernel is longer; of one that is, nothing is seen.
  private static final int LONGEST = 1 << 14;

  @FunctionalInterface
  interface Line {
    /// @param end the index of the line's end, which is not part of it
    void at(byte[] buffer, int begin, int end);
  }

  private TextLines() {}

  /// Reads to the end. A last line without an end is not seen.
  ///
  /// @param shortest bytes that a line has at least, which are not looked through for its end
  static void each(InputStream in, int shortest, Line line) throws IOException {
    var buffer = new byte[LONGEST + PAGES];
    int filled = 0;
    for (int n; (n = in.read(buffer, filled, PAGES)) > 0; ) {
      int begin = 0;
      for (int at = Math.max(filled, shortest); at < filled + n; at++) {
        if (buffer[at] != '\n') continue;
        line.at(buffer, begin, at);
        begin = at + 1;
        at += shortest;
      }
      filled += n - begin;
      System.arraycopy(buffer, begin, buffer, 0, filled);
      if (filled > LONGEST) filled = 0;
    }
  }
}
