package dev.ringside.integration.agent;

import dev.ringside.integration.otlp.LogEvent;
import dev.ringside.integration.workload.Truth;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What an open event says, but for its times: the same from the event and from the truth.
///
/// @param path "" where it is unknown
/// @param mode of a file that may be created, else ""
/// @param error "" for an open that succeeded
/// @param descriptor -1 for an open that failed
record OpenView(
    long pid,
    long tid,
    String path,
    String accessMode,
    Set<String> flags,
    String mode,
    String error,
    long descriptor) {
  private static final int O_PATH = 010000000;
  private static final Map<Integer, String> ACCESS_MODES =
      Map.of(0, "read", 1, "write", 2, "read_write");

  static OpenView of(Truth.Open o) {
    boolean isPath = (o.flags() & O_PATH) != 0;
    boolean mayCreate = o.flagNames().contains("O_CREAT") || o.flagNames().contains("O_TMPFILE");
    return new OpenView(
        o.pid(),
        o.tid(),
        // What says nothing is left out.
        o.path().replaceAll("/{2,}", "/").replace("/./", "/"),
        isPath ? "path" : ACCESS_MODES.get((int) (o.flags() & 3)),
        Set.copyOf(o.flagNames()),
        mayCreate ? "%04o".formatted(o.mode()) : "",
        ErrnoNames.of(o.errno()),
        o.descriptor());
  }

  static OpenView of(LogEvent l) {
    var attributes = l.attributes();
    var flags = new HashSet<String>();
    for (var flag : (List<?>) attributes.getOrDefault("ringside.file.open_flags", List.of()))
      flags.add((String) flag);
    return new OpenView(
        l.number("process.pid"),
        l.number("thread.id"),
        (String) attributes.getOrDefault("file.path", ""),
        l.text("ringside.file.access_mode"),
        flags,
        (String) attributes.getOrDefault("file.mode", ""),
        (String) attributes.getOrDefault("ringside.errno.name", ""),
        (long) attributes.getOrDefault("ringside.file.descriptor", -1L));
  }
}
