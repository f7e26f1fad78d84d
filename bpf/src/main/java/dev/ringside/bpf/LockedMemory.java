package dev.ringside.bpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Kernels before 5.11 count maps and programs as memory that a process locked, and refuse them
/// with EPERM, like a missing capability, where that is limited. libbpf raises the limit by itself,
/// if it may.
final class LockedMemory {
  private static final int EPERM = 1;
  private static final Path LIMITS = Path.of("/proc/self/limits");

  private LockedMemory() {}

  /// What to add to a refusal; empty where the limit cannot be the reason.
  static String advice(int errno) {
    if (Math.abs(errno) != EPERM
        || Capabilities.ofThisProcess().names().contains("CAP_SYS_RESOURCE")) return "";
    try {
      return advice(Files.readAllLines(LIMITS));
    } catch (IOException e) {
      return "";
    }
  }

  // `Max locked memory         8388608              8388608              bytes`
  static String advice(List<String> limits) {
    return limits.stream()
        .filter(line -> line.startsWith("Max locked memory"))
        .map(line -> line.substring("Max locked memory".length()).strip().split("\\s+"))
        .filter(fields -> !fields[0].equals("unlimited"))
        .map(fields ->
            "; this process may lock %s bytes and has no CAP_SYS_RESOURCE to raise that, which kernels before 5.11 count: ulimit -l unlimited, or LimitMEMLOCK=infinity in a systemd unit"
                .formatted(fields[0]))
        .findFirst()
        .orElse("");
  }
}
