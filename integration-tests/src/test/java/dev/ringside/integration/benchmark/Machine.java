package dev.ringside.integration.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// The machine and the versions that figures belong to.
final class Machine {
  private Machine() {}

  /// As a Markdown table.
  static String markdown() throws IOException, InterruptedException {
    return Table.of("", "What")
        .row("Processor", processor())
        .row("Processors", Runtime.getRuntime().availableProcessors())
        .row("Memory", memory())
        .row("Kernel", said("uname", "-sr"))
        .row("System", valueIn(Path.of("/etc/os-release"), "PRETTY_NAME="))
        .row("Java", System.getProperty("java.vendor.version") + ", " + Runtime.version())
        .row("libbpf-tools", debian("libbpf-tools"))
        .row("libbpf", debian("libbpf1"))
        .row("bpftrace", debian("bpftrace"))
        .row("clang", debian("clang"))
        .row("gcc", debian("gcc"))
        .row("QEMU", debian("qemu-system-x86"))
        .markdown()
        // What stands at the left here are no figures.
        .replace("---:", "---");
  }

  /// When and with what one benchmark ran, on one line.
  static String circumstances(Instant begun) throws IOException, InterruptedException {
    var load = Files.readString(Path.of("/proc/loadavg")).split(" ");
    return "%s, %d s, revision %s, kernel %s, load average at the end %s"
        .formatted(
            begun.truncatedTo(ChronoUnit.MINUTES).toString().replace('T', ' ').replace(":00Z", ""),
            begun.until(Instant.now(), ChronoUnit.SECONDS),
            revision(),
            said("uname", "-r"),
            load[0]);
  }

  private static String processor() throws IOException {
    return valueIn(Path.of("/proc/cpuinfo"), "model name").replaceFirst("^\\s*:\\s*", "");
  }

  private static String memory() throws IOException {
    var kib = valueIn(Path.of("/proc/meminfo"), "MemTotal:").strip().split(" ")[0];
    return Figures.text(Long.parseLong(kib) / 1024) + " MiB";
  }

  private static String valueIn(Path file, String key) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).replace("\"", ""))
        .findFirst()
        .orElse("unknown");
  }

  private static String debian(String what) throws IOException, InterruptedException {
    var version = said("dpkg-query", "-W", "-f=${Version}", what);
    return version.isEmpty() ? "not installed" : version;
  }

  private static String revision() throws IOException, InterruptedException {
    var revision = said("git", "-c", "safe.directory=*", "describe", "--always", "--dirty");
    return revision.isEmpty() ? "unknown" : revision;
  }

  /// The standard output of a command, or nothing where there is no such command.
  private static String said(String... command) throws InterruptedException {
    try {
      var process =
          new ProcessBuilder(List.of(command))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      var said = new String(process.getInputStream().readAllBytes()).strip();
      return process.waitFor() == 0 ? said : "";
    } catch (IOException e) {
      return "";
    }
  }
}
