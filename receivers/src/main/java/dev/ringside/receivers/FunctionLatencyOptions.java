package dev.ringside.receivers;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Options of `function_latency`.
public record FunctionLatencyOptions(
    @Option(
            "Functions of the kernel: names, globs (vfs_*), regular expressions between slashes,"
                + " module:name, and preset:vfs, ext4, block, tcp, locks or scheduler")
        List<String> functions,
    @Option("What a function means that is not there, or cannot be watched: error, warn or ignore")
        Missing missing,
    @Option(
            "Ways to watch a function, of which the first is taken that the kernel accepts for it, in this order; any is all, best first")
        List<Mechanism> mechanism,
    @Option("Watch also functions that are known to be dangerous to watch") boolean force,
    @Option(
            "Functions among them of which a negative result is an errno although the kernel's types do not say so, by their names")
        List<String> returnsErrno,
    @Option("Functions among them of which a negative result is no errno, by their names")
        List<String> returnsNoErrno,
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
    @Option("Emit ringside.kernel.function.slow") boolean events,
    @Option("Events only of calls that took at least this long") Duration minDuration,
    @Option("Events only of calls that returned an error") boolean failedOnly,
    @Option(
            "Events only of calls with such a result: a number, a range (1..10), or one behind <, <=, >, >= or !=; empty is all")
        String result,
    @Option(
            "What events say of the arguments of functions: paths as in C by a function's name, such as {vfs_read: [file->f_path.dentry->d_name, count]}")
        Map<String, List<String>> arguments,
    @Option("Events say by what functions of the kernel it was called") boolean kernelStack,
    @Option("Events say at which places of the program and its libraries it was called")
        boolean userStack,
    @Option(
            value = "Bytes of the ring between the kernel and Ringside, a power of two",
            min = 4096,
            max = 1 << 30)
        long ringBytes) {

  static final FunctionLatencyOptions DEFAULTS =
      new FunctionLatencyOptions(
          List.of("preset:vfs"),
          Missing.ERROR,
          List.of(Mechanism.ANY),
          false,
          List.of(),
          List.of(),
          0,
          -1,
          "",
          "",
          ByWhom.FUNCTION,
          200,
          false,
          Duration.ofMillis(10),
          false,
          "",
          Map.of(),
          false,
          false,
          1 << 20);

  FunctionLatencyOptions withEvents() {
    return new FunctionLatencyOptions(
        functions,
        missing,
        mechanism,
        force,
        returnsErrno,
        returnsNoErrno,
        pid,
        uid,
        cgroup,
        command,
        by,
        series,
        true,
        minDuration,
        failedOnly,
        result,
        arguments,
        kernelStack,
        userStack,
        ringBytes);
  }

  /// What to do about functions that cannot be watched.
  public enum Missing {
    ERROR,
    WARN,
    IGNORE
  }

  /// The ways to watch; `ANY` is all of them, best first.
  public enum Mechanism {
    ANY,
    FSESSION,
    FSESSION_MULTI,
    TRAMPOLINE,
    KPROBE_SESSION,
    KPROBE_MULTI,
    KPROBE
  }

  public FunctionLatencyOptions {
    functions = List.copyOf(functions);
    if (mechanism.isEmpty()) throw new IllegalArgumentException("mechanism: name one, or any");
    mechanism = List.copyOf(mechanism);
    returnsErrno = List.copyOf(returnsErrno);
    returnsNoErrno = List.copyOf(returnsNoErrno);
    arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments)); // in their order
  }
}
