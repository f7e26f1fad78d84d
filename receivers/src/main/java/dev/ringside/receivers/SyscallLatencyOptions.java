package dev.ringside.receivers;

import java.time.Duration;
import java.util.List;

/// Options of `syscall_latency`.
public record SyscallLatencyOptions(
    @Option(value = "Only this process; 0 is all but Ringside's own", min = 0, max = 4_194_304)
        int pid,
    @Option(value = "Only this effective user id; -1 is all", min = -1, max = 4_294_967_294L)
        long uid,
    @Option(
            "Only this cgroup and those below it, as /proc/PID/cgroup shows it behind 0::; empty is all")
        String cgroup,
    @Option("Only threads of this name (comm, at most 15 bytes); empty is all") String command,
    @Option("Only these system calls: names, or patterns such as *stat* and f?sync; empty is all")
        List<String> calls,
    @Option(
            "Not these, by default those that do nothing but wait; what calls spells out is measured all the same")
        List<String> exclude,
    @Option("Emit ringside.syscall.slow; without it there is only the histogram") boolean events,
    @Option("Events only of calls that took at least this long") Duration minDuration,
    @Option(
            value = "Bytes of the ring between the kernel and Ringside, a power of two",
            min = 4096,
            max = 1 << 30)
        long ringBytes) {

  static final SyscallLatencyOptions DEFAULTS =
      new SyscallLatencyOptions(
          0,
          -1,
          "",
          "",
          List.of(),
          SystemCallChoice.WAITING,
          false,
          Duration.ofMillis(10),
          1 << 20);

  SyscallLatencyOptions withEvents() {
    return new SyscallLatencyOptions(
        pid, uid, cgroup, command, calls, exclude, true, minDuration, ringBytes);
  }
}
