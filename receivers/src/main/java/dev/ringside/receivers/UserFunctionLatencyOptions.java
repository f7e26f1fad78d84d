package dev.ringside.receivers;

import java.time.Duration;
import java.util.List;

/// Options of `user_function_latency`.
public record UserFunctionLatencyOptions(
    @Option(
            "Which functions: library:function, /path:function, with * and ? in the function's name, or /path:provider:probe")
        List<String> functions,
    @Option("What to do about functions that cannot be found") Missing missing,
    @Option("How to watch: the first way that the kernel accepts for each function, or only one")
        Mechanism mechanism,
    @Option(value = "Only this process; 0 is all", min = 0, max = 4_194_304) int pid,
    @Option(value = "Only this effective user id; -1 is all", min = -1, max = 4_294_967_294L)
        long uid,
    @Option(
            "Only this cgroup and those below it, as /proc/PID/cgroup shows it behind 0::; empty is all")
        String cgroup,
    @Option("Only threads of this name (comm, at most 15 bytes); empty is all") String command,
    @Option("Histograms by function alone, or also by executable or container") ByWhom by,
    @Option(
            value =
                "Histograms by executable or container that there are at most, of those who call most; the rest is added up in otel.metric.overflow",
            min = 1,
            max = 1000)
        int series,
    @Option("Emit ringside.user.function.slow; without it there is only the histogram")
        boolean events,
    @Option("Events only of calls that took at least this long") Duration minDuration,
    @Option(
            value = "Bytes of the ring between the kernel and Ringside, a power of two",
            min = 4096,
            max = 1 << 30)
        long ringBytes) {

  /// What to do about functions that cannot be found.
  public enum Missing {
    /// Do not start.
    ERROR,
    /// Say so, and watch the others.
    WARN,
    /// Watch the others.
    IGNORE
  }

  /// The ways to watch.
  public enum Mechanism {
    ANY,
    UPROBE_MULTI,
    UPROBE,
    UPROBE_COPY
  }

  static final UserFunctionLatencyOptions DEFAULTS =
      new UserFunctionLatencyOptions(
          List.of(),
          Missing.ERROR,
          Mechanism.ANY,
          0,
          -1,
          "",
          "",
          ByWhom.FUNCTION,
          200,
          false,
          Duration.ofMillis(10),
          256 << 10);

  UserFunctionLatencyOptions watching(List<String> functions) {
    return new UserFunctionLatencyOptions(
        functions,
        missing,
        mechanism,
        pid,
        uid,
        cgroup,
        command,
        by,
        series,
        events,
        minDuration,
        ringBytes);
  }

  UserFunctionLatencyOptions withEvents() {
    return new UserFunctionLatencyOptions(
        functions,
        missing,
        mechanism,
        pid,
        uid,
        cgroup,
        command,
        by,
        series,
        true,
        minDuration,
        ringBytes);
  }
}
