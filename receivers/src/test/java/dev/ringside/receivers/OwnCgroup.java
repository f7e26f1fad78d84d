package dev.ringside.receivers;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A cgroup for one test, so that it sees what it starts and nothing else of the machine.
final class OwnCgroup implements AutoCloseable {
  private final Path mount;
  private final Path directory;

  private OwnCgroup(Path mount, Path directory) {
    this.mount = mount;
    this.directory = directory;
  }

  /// @param name its last part begins like this
  static OwnCgroup create(String name) throws IOException {
    Path mount = mount();
    assumeTrue(mount != null, "no cgroup v2 hierarchy is mounted");
    assumeTrue(Files.isWritable(mount), "not root: may not create a cgroup below " + mount);
    String unique = ProcessHandle.current().pid() + "-" + Long.toString(System.nanoTime(), 36);
    Path directory = mount.resolve("ringside-" + unique).resolve(name);
    Files.createDirectory(directory.getParent());
    return new OwnCgroup(mount, Files.createDirectory(directory));
  }

  /// As `/proc/PID/cgroup` shows it.
  String path() {
    return "/" + mount.relativize(directory);
  }

  String parentPath() {
    return "/" + mount.relativize(directory.getParent());
  }

  /// A command that enters the cgroup and becomes `command` there: the first exec in it.
  List<String> enter(List<String> command) {
    var all = new ArrayList<>(List.of("/bin/sh", "-c", "echo $$ > \"$0\" && exec \"$@\""));
    all.add(directory.resolve("cgroup.procs").toString());
    all.addAll(command);
    return all;
  }

  @Override
  public void close() throws IOException {
    Files.delete(directory);
    Files.delete(directory.getParent());
  }

  /// The fifth field of a line in `/proc/self/mountinfo` is where it is mounted, see proc(5).
  private static Path mount() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      if (line.contains(" - cgroup2 ")) return Path.of(line.split(" ")[4]);
    }
    return null;
  }
}
