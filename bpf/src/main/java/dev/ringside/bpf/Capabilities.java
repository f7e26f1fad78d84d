package dev.ringside.bpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What this process may do, as capabilities(7) names it. CAP_SYS_ADMIN includes the two that BPF
/// needs, as it did before Linux 5.8 had them.
public record Capabilities(long effective) {
  private static final int SYS_ADMIN = 21;
  private static final int PERFMON = 38;
  private static final int BPF = 39;

  /// Of this process, from /proc/self/status.
  public static Capabilities ofThisProcess() {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(l -> l.startsWith("CapEff:"))
          .findFirst()
          .map(l -> new Capabilities(Long.parseUnsignedLong(l.substring(7).strip(), 16)))
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException("read /proc/self/status", e);
    }
  }

  /// Those that loading and attaching need and this process has not.
  public List<String> missing() {
    var missing = new ArrayList<String>();
    if (has(SYS_ADMIN)) return missing;
    if (!has(BPF)) missing.add("CAP_BPF");
    if (!has(PERFMON)) missing.add("CAP_PERFMON");
    return missing;
  }

  private boolean has(int capability) {
    return (effective >>> capability & 1) == 1;
  }
}
