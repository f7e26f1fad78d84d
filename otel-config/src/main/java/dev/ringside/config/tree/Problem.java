package dev.ringside.config.tree;

/// One thing that is wrong with a configuration, in one line.
///
/// @param mark where it was written
/// @param path the keys that lead there, `ringside.receivers.file_open.min_duration`; may be empty
/// @param message the wrong value and what is allowed
public record Problem(Mark mark, String path, String message) {
  @Override
  public String toString() {
    var line = path.isEmpty() ? mark + ": " + message : mark + ": " + path + ": " + message;
    return Printable.of(line);
  }
}
