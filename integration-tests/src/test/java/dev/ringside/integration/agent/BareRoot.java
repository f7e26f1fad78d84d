package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A root directory with a C library and a shell in it, and nothing else: no Java, no clang, no
/// Maven, no libbpf. The container image is made of the same.
record BareRoot(Path directory) {
  private static final Path OTEL_CONFIG = Path.of("../otel-config").toAbsolutePath().normalize();

  static BareRoot make(Path directory) throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "not root: may not change the root");
    var root = new BareRoot(directory);
    succeeds(OTEL_CONFIG.resolve("packaging/bare-root").toString(), directory.toString());
    return root;
  }

  /// What packaging made last, such as `ringside-*.tar.gz`.
  static Path made(String pattern) throws IOException {
    try (var files = Files.newDirectoryStream(OTEL_CONFIG.resolve("target"), pattern)) {
      for (var file : files) return file;
    }
    assumeTrue(false, "there is no " + pattern + ": ./ringside package makes it");
    throw new AssertionError();
  }

  void unpack(Path archive, String to) throws Exception {
    var below = Files.createDirectories(directory.resolve(to));
    succeeds("tar", "-C", below.toString(), "--strip-components=1", "-xf", archive.toString());
  }

  /// A command that runs another one in here, with this kernel's /proc and /sys, and with no more
  /// rights than the systemd unit gives (and that to change the root).
  List<String> enter(String... command) {
    var all =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount --rbind /proc \"$0/proc\" && mount --rbind /sys \"$0/sys\" && "
                    + "exec setpriv --bounding-set=-all,+bpf,+perfmon,+setuid,+setgid,+sys_chroot"
                    + " --no-new-privs chroot \"$0\" \"$@\"",
                directory.toString()));
    all.addAll(List.of(command));
    return all;
  }

  /// Runs a program to its end and fails where it does.
  ///
  /// @return what it said
  static String succeeds(String... command) throws Exception {
    return succeeds(List.of(command));
  }

  static String succeeds(List<String> command) throws Exception {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command) + "\n" + said).isZero();
    return said;
  }
}
