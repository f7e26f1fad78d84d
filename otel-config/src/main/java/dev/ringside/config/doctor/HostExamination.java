package dev.ringside.config.doctor;

import dev.ringside.bpf.Capabilities;
import dev.ringside.bpf.KernelClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// Looks at the host through the files that the kernel offers.
final class HostExamination {
  private static final Pattern LIBBPF = Pattern.compile("libbpf\\.so\\.(\\d+(?:\\.\\d+)+)");
  private static final Pattern LOCKDOWN = Pattern.compile("\\[(\\w+)]");

  private final Path root;

  HostExamination(Path root) {
    this.root = root;
  }

  Findings.Host examine() {
    String failure = "";
    long uptime = 0;
    try {
      uptime = KernelClock.bootTimeNs(); // also loads the library, where it can be
    } catch (RuntimeException | LinkageError e) {
      failure = String.valueOf(e.getMessage());
    }
    return new Findings.Host(
        read("proc/sys/kernel/osrelease"),
        System.getProperty("os.arch"),
        btfBytes(),
        first(LIBBPF, read("proc/self/maps")),
        failure,
        user(),
        Capabilities.ofThisProcess().names(),
        first(LOCKDOWN, read("sys/kernel/security/lockdown")),
        read("proc/self/mounts").lines().anyMatch(line -> line.split(" ")[2].equals("tracefs")),
        new Findings.Clocks(
            uptime,
            read("sys/devices/system/clocksource/clocksource0/current_clocksource"),
            isShifted(read("proc/self/timens_offsets"))));
  }

  /// `boottime 0 0`: seconds and nanoseconds that a time namespace adds.
  static boolean isShifted(String offsets) {
    return offsets.lines().anyMatch(line -> !line.matches("\\w+\\s+0\\s+0"));
  }

  private long user() {
    return read("proc/self/status")
        .lines()
        .filter(line -> line.startsWith("Uid:"))
        .map(line -> Long.parseLong(line.split("\\s+")[2]))
        .findFirst()
        .orElse(-1L);
  }

  private long btfBytes() {
    try {
      return Files.size(root.resolve("sys/kernel/btf/vmlinux"));
    } catch (IOException e) {
      return 0;
    }
  }

  private static String first(Pattern pattern, String text) {
    var matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  private String read(String file) {
    try {
      return new String(Files.readAllBytes(root.resolve(file))).strip();
    } catch (IOException e) {
      return ""; // not every kernel has each of them
    }
  }
}
