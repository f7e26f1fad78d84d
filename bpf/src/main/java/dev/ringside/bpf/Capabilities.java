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
  /// By number, from linux/capability.h.
  private static final List<String> NAMES =
      List.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_DAC_READ_SEARCH",
          "CAP_FOWNER",
          "CAP_FSETID",
          "CAP_KILL",
          "CAP_SETGID",
          "CAP_SETUID",
          "CAP_SETPCAP",
          "CAP_LINUX_IMMUTABLE",
          "CAP_NET_BIND_SERVICE",
          "CAP_NET_BROADCAST",
          "CAP_NET_ADMIN",
          "CAP_NET_RAW",
          "CAP_IPC_LOCK",
          "CAP_IPC_OWNER",
          "CAP_SYS_MODULE",
          "CAP_SYS_RAWIO",
          "CAP_SYS_CHROOT",
          "CAP_SYS_PTRACE",
          "CAP_SYS_PACCT",
          "CAP_SYS_ADMIN",
          "CAP_SYS_BOOT",
          "CAP_SYS_NICE",
          "CAP_SYS_RESOURCE",
          "CAP_SYS_TIME",
          "CAP_SYS_TTY_CONFIG",
          "CAP_MKNOD",
          "CAP_LEASE",
          "CAP_AUDIT_WRITE",
          "CAP_AUDIT_CONTROL",
          "CAP_SETFCAP",
          "CAP_MAC_OVERRIDE",
          "CAP_MAC_ADMIN",
          "CAP_SYSLOG",
          "CAP_WAKE_ALARM",
          "CAP_BLOCK_SUSPEND",
          "CAP_AUDIT_READ",
          "CAP_PERFMON",
          "CAP_BPF",
          "CAP_CHECKPOINT_RESTORE");

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

  /// All that this version of Ringside knows, by number.
  public static List<String> known() {
    return NAMES;
  }

  /// Those that are set, by name; by number where it is newer than Ringside.
  public List<String> names() {
    var names = new ArrayList<String>();
    for (int i = 0; i < Long.SIZE; i++) {
      if (has(i)) names.add(i < NAMES.size() ? NAMES.get(i) : "CAP_" + i);
    }
    return names;
  }

  /// Those that loading and attaching need and this process has not.
  public List<String> missing() {
    var missing = new ArrayList<String>();
    if (has(SYS_ADMIN)) return missing;
    if (!has(BPF)) missing.add("CAP_BPF");
    if (!has(PERFMON)) missing.add("CAP_PERFMON");
    return missing;
  }

  /// Whether the kernel tells this process what types its modules have.
  boolean mayReadTypesOfModules() {
    return has(SYS_ADMIN);
  }

  private boolean has(int capability) {
    return (effective >>> capability & 1) == 1;
  }
}
