package dev.ringside.integration.agent;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Podman with a storage of its own, which holds the image of Ringside and no other.
record Podman(Path storage) implements AutoCloseable {
  private static final Path OTEL_CONFIG = Path.of("../otel-config").toAbsolutePath().normalize();
  private static final Path CONTAINERFILE = OTEL_CONFIG.resolve("packaging/Containerfile");

  /// Builds the image of what was packaged last.
  static Podman withImage(Path storage) throws Exception {
    assumeTrue(isInstalled("podman"), "podman is not installed");
    assumeTrue("root".equals(System.getProperty("user.name")), "not root: may not run BPF");
    BareRoot.made("bare");
    var podman = new Podman(Files.createDirectories(storage));
    BareRoot.succeeds(podman.shown("build", List.of()));
    return podman;
  }

  /// The command that runs it. What is added to it goes to Ringside.
  ///
  /// @param replacements what differs here, by what the Containerfile shows
  /// @param options of Podman's, besides
  List<String> run(Map<String, String> replacements, String... options) throws IOException {
    // Podman would raise both, which not every root may.
    var more = new ArrayList<>(List.of("--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024"));
    more.addAll(List.of(options));
    var run = shown("run", more);
    for (var entry : replacements.entrySet()) {
      if (run.stream().noneMatch(word -> word.contains(entry.getKey())))
        throw new AssertionError(entry.getKey() + " is not in " + run);
      run.replaceAll(word -> word.replace(entry.getKey(), entry.getValue()));
    }
    return run;
  }

  /// A command as the head of the Containerfile shows it, to be run in any directory.
  private List<String> shown(String command, List<String> options) throws IOException {
    var shown =
        Files.readString(CONTAINERFILE)
            .replace("\\\n#", "")
            .lines()
            .filter(l -> l.startsWith("#   podman " + command + " "))
            .map(l -> l.substring(1).strip().split(" +"))
            .findFirst()
            .orElseThrow();
    var words = new ArrayList<>(List.of("env", "--chdir=" + OTEL_CONFIG));
    words.addAll(podman());
    words.add(command);
    words.addAll(options);
    words.addAll(Arrays.asList(shown).subList(2, shown.length));
    return words;
  }

  /// Of the two runtimes only runc takes a machine that has cgroups of both versions.
  private List<String> podman() {
    var podman = new ArrayList<>(List.of("podman", "--root=" + storage.resolve("root")));
    podman.add("--runroot=" + storage.resolve("run"));
    podman.add("--storage-driver=vfs");
    podman.add("--cgroup-manager=cgroupfs");
    if (isInstalled("runc")) podman.add("--runtime=runc");
    return podman;
  }

  private static boolean isInstalled(String program) {
    return Arrays.stream((System.getenv("PATH") + ":/usr/sbin").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  /// Ends what still runs, which lives on without the command that started it.
  @Override
  public void close() throws IOException {
    var command = podman();
    command.addAll(List.of("rm", "--all", "--force", "--time=0"));
    try {
      new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
