package dev.ringside.receivers;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A cgroup for one test, so that it sees what it starts and nothing else of the machine.
final class OwnCgroup implements AutoCloseable, BeforeEachCallback, AfterEachCallback {
  private final String name;
  private Path mount;
  private Path directory;

  private OwnCgroup(String name) {
    this.name = name;
  }

  /// One that is there while a test runs: for a field with `@RegisterExtension`.
  ///
  /// @param name its last part
  static OwnCgroup ofTest(String name) {
    return new OwnCgroup(name);
  }

  /// One that is there until it is closed.
  ///
  /// @param name its last part
  static OwnCgroup create(String name) throws IOException {
    var cgroup = new OwnCgroup(name);
    cgroup.create();
    return cgroup;
  }

  private void create() throws IOException {
    mount = mount();
    assumeTrue(mount != null, "no cgroup v2 hierarchy is mounted");
    assumeTrue(Files.isWritable(mount), "not root: may not create a cgroup below " + mount);
    String unique = ProcessHandle.current().pid() + "-" + Long.toString(System.nanoTime(), 36);
    Path parent = Files.createDirectory(mount.resolve("ringside-" + unique));
    directory = Files.createDirectory(parent.resolve(name));
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    create();
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    if (directory != null) close();
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
