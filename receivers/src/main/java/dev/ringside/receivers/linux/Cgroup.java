package dev.ringside.receivers.linux;

import dev.ringside.bpf.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A cgroup of the unified hierarchy, as BPF programs know it.
///
/// @param id the cgroup's id, which is its directory's inode number
/// @param level how far below the root it lies; the root is 0
public record Cgroup(long id, int level) {
  // PROC_CGROUP_INIT_INO: the namespace in which paths begin at the real root.
  private static final String INITIAL_NAMESPACE = "cgroup:[4026531835]";

  /// Finds a cgroup by its path, as `/proc/PID/cgroup` shows it behind `0::`.
  ///
  /// @throws IllegalArgumentException when there is no such cgroup; the message says what to do
  public static Cgroup find(String path) {
    try {
      String namespace = Files.readSymbolicLink(Path.of("/proc/self/ns/cgroup")).toString();
      if (!namespace.equals(INITIAL_NAMESPACE)) {
        throw new IllegalArgumentException(
            "this process is in a cgroup namespace of its own and cannot know where '"
                + path
                + "' is; run in the host's (docker run --cgroupns=host)");
      }
      var mounts = Files.readAllBytes(Path.of("/proc/self/mountinfo"));
      return find(path, List.of(new Text(mounts, false).toString().split("\n")));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot look for '" + path + "': " + e, e);
    }
  }

  static Cgroup find(String path, List<String> mountInfo) throws IOException {
    Mount mount =
        mountInfo.stream().filter(Mount::isUnified).map(Mount::parse).findFirst().orElse(null);
    if (mount == null) {
      throw new IllegalArgumentException(
          "no cgroup v2 hierarchy is mounted; mount -t cgroup2 none /sys/fs/cgroup/unified");
    }
    Path below = Path.of("/").relativize(Path.of("/").resolve(path).normalize());
    Path directory = mount.point().resolve(below.toString());
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "there is no cgroup '"
              + path
              + "' below "
              + mount.point()
              + "; give the path that /proc/PID/cgroup shows behind 0::");
    }
    int level = below.toString().isEmpty() ? 0 : below.getNameCount();
    long id = (long) Files.getAttribute(directory, "unix:ino");
    return new Cgroup(id, mount.level() + level);
  }

  /// One line of `/proc/self/mountinfo`, see proc(5): id, parent, device, root, mount point,
  /// options, optional fields, a dash, type, source, options.
  ///
  /// @param level how far below the hierarchy's root the mount begins
  private record Mount(Path point, int level) {
    private static final String DASH = " - ";

    /// Other file systems lie where people want them, under names that may be no path here.
    static boolean isUnified(String line) {
      int dash = line.indexOf(DASH);
      return dash >= 0 && line.startsWith("cgroup2 ", dash + DASH.length());
    }

    static Mount parse(String line) {
      String[] fields = line.substring(0, line.indexOf(DASH)).split(" ");
      if (fields.length < 6)
        throw new IllegalArgumentException(
            "cannot find the cgroup hierarchy: /proc/self/mountinfo has the line '" + line + "'");
      Path root = Path.of(unescape(fields[3]));
      return new Mount(Path.of(unescape(fields[4])), root.getNameCount());
    }

    // Blanks and backslashes are written as three octal digits.
    private static String unescape(String field) {
      var plain = new StringBuilder();
      for (int i = 0; i < field.length(); i++) {
        boolean escaped = field.charAt(i) == '\\' && isOctal(field, i + 1);
        plain.append(escaped ? (char) Integer.parseInt(field, i + 1, i + 4, 8) : field.charAt(i));
        if (escaped) i += 3;
      }
      return plain.toString();
    }

    private static boolean isOctal(String field, int from) {
      if (from + 3 > field.length()) return false;
      for (int i = from; i < from + 3; i++)
        if (field.charAt(i) < '0' || field.charAt(i) > '7') return false;
      return field.charAt(from) != '0'
          || field.charAt(from + 1) != '0'
          || field.charAt(from + 2) != '0';
    }
  }
}
