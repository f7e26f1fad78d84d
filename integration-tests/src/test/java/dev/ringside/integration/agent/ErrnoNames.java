package dev.ringside.integration.agent;

import java.util.Map;

/// The errors that workloads meet, by errno(3).
final class ErrnoNames {
  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(2, "ENOENT"),
          Map.entry(7, "E2BIG"),
          Map.entry(8, "ENOEXEC"),
          Map.entry(9, "EBADF"),
          Map.entry(13, "EACCES"),
          Map.entry(14, "EFAULT"),
          Map.entry(17, "EEXIST"),
          Map.entry(18, "EXDEV"),
          Map.entry(20, "ENOTDIR"),
          Map.entry(21, "EISDIR"),
          Map.entry(22, "EINVAL"),
          Map.entry(36, "ENAMETOOLONG"),
          Map.entry(40, "ELOOP"),
          Map.entry(95, "EOPNOTSUPP")); // O_TMPFILE, where the file system has none

  private ErrnoNames() {}

  /// "" for no error.
  static String of(int errno) {
    if (errno == 0) return "";
    var name = NAMES.get(errno);
    if (name == null) throw new AssertionError("no name for errno " + errno + ", add it");
    return name;
  }
}
