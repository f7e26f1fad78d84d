package dev.ringside.bpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A user to become.
///
/// @param name as `/etc/passwd` has it, or the number
public record SystemUser(String name, int uid, int gid) {
  private static final Path PASSWD = Path.of("/etc/passwd");

  /// The kernel's own user for those who have none (`/proc/sys/kernel/overflowuid`).
  private static final SystemUser NOBODY = new SystemUser("nobody", 65534, 65534);

  /// A user of this host by name, or `UID:GID`. Only `/etc/passwd` is asked: other sources of users
  /// would need more of the system than a self-contained agent has.
  public static Optional<SystemUser> find(String name) {
    if (name.matches("\\d{1,9}:\\d{1,9}")) {
      var ids = name.split(":");
      return Optional.of(new SystemUser(name, Integer.parseInt(ids[0]), Integer.parseInt(ids[1])));
    }
    return find(name, lines());
  }

  /// `ringside` where somebody made that user, else `nobody`.
  public static SystemUser unprivileged() {
    return find("ringside", lines()).or(() -> find("nobody", lines())).orElse(NOBODY);
  }

  // passwd(5): name:password:uid:gid:…
  static Optional<SystemUser> find(String name, List<String> passwd) {
    return passwd.stream()
        .map(line -> line.split(":"))
        .filter(f -> f.length >= 4 && f[0].equals(name))
        .filter(f -> f[2].matches("\\d{1,9}") && f[3].matches("\\d{1,9}"))
        .map(f -> new SystemUser(name, Integer.parseInt(f[2]), Integer.parseInt(f[3])))
        .findFirst();
  }

  private static List<String> lines() {
    try {
      return Files.readAllLines(PASSWD);
    } catch (IOException e) {
      return List.of();
    }
  }
}
