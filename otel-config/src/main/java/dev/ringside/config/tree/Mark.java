package dev.ringside.config.tree;

/// Where a setting was written.
///
/// @param source a file's name as the user gave it, `--set`, or the name of a Java call
/// @param line counted from 1; 0 when the source has no lines
/// @param column counted from 1; 0 when the source has no lines
public record Mark(String source, int line, int column) {
  public static Mark of(String source) {
    return new Mark(source, 0, 0);
  }

  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line + ":" + column;
  }
}
