package dev.ringside.receivers;

import java.time.Duration;

/// Options of `file_open`.
public record FileOpenOptions(
    @Option(value = "Only this process; 0 is all", min = 0, max = 4_194_304) int pid,
    @Option(value = "Only this effective user id; -1 is all", min = -1, max = 4_294_967_294L)
        long uid,
    @Option(
            "Only this cgroup and those below it, as /proc/PID/cgroup shows it behind 0::; empty is all")
        String cgroup,
    @Option("Only threads of this name (comm, at most 15 bytes); empty is all") String command,
    @Option("Only paths that begin like this, at most 255 bytes; empty is all") String pathPrefix,
    @Option("Emit ringside.file.open; without it there is only the histogram") boolean events,
    @Option("Events only of opens that failed") boolean failedOnly,
    @Option("Events only of opens that took at least this long") Duration minDuration,
    @Option(
            value = "Bytes of the ring between the kernel and Ringside, a power of two",
            min = 4096,
            max = 1 << 30)
        long ringBytes) {

  static final FileOpenOptions DEFAULTS =
      new FileOpenOptions(0, -1, "", "", "", false, false, Duration.ZERO, 4 << 20);

  FileOpenOptions withEvents() {
    return new FileOpenOptions(
        pid, uid, cgroup, command, pathPrefix, true, failedOnly, minDuration, ringBytes);
  }
}
