package dev.ringside.receivers;

import dev.ringside.bpf.BpfException;
import dev.ringside.bpf.Need;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.UserFunction;
import dev.ringside.bpf.UserFunctionPrograms;
import dev.ringside.bpf.UserFunctionsNeed;
import dev.ringside.bpf.UserFunctionsNeed.Mechanism;
import dev.ringside.bpf.Way;
import dev.ringside.receivers.UserFunctionLatencyOptions.Missing;
import dev.ringside.receivers.elf.FunctionSearch;
import dev.ringside.receivers.elf.SharedLibraries;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/// Reports how long functions of programs and shared libraries take and, when asked, each call that
/// took long.
final class UserFunctionLatencyReceiver implements Receiver {

  /// `FUNCTIONS` of `function.bpf.h`.
  private static final int MOST = 4096;

  private static final UserFunctionPrograms BY_COOKIE =
      new UserFunctionPrograms("on_enter", "on_return", "on_begin", "on_end");
  private static final UserFunctionPrograms BY_COPY =
      new UserFunctionPrograms("on_enter_copy", "on_return_copy", "on_begin_copy", "on_end_copy");

  private static final Need CALLS =
      Need.required(
          "calls under way",
          Way.by("task storage").map("calls_by_task").set("use_task_storage", 1),
          Way.by("hash")
              .map("calls_by_thread")
              .attach("on_exit")
              .note("of more than 10240 threads at a time, some calls are forgotten"));

  private final UserFunctionLatencyOptions options;
  private final ProcessFilter filter;

  UserFunctionLatencyReceiver(UserFunctionLatencyOptions options, ProcessFilter filter) {
    this.options = options;
    this.filter = filter;
  }

  @Override
  public void bind(Probe probe, Telemetry telemetry) {
    var found = find();
    var functions = found.functions();
    filter.apply(probe);
    probe.set("events", options.events() ? 1 : 0);
    probe.set("min_duration_ns", options.minDuration().toNanos());
    probe.need(CALLS);
    probe.need(new UserFunctionsNeed(functions, mechanisms(), BY_COOKIE, BY_COPY, found.missing()));

    var durations = new UserFunctionDurations(probe, functions, options.by(), options.series());
    telemetry.histogram(Metrics.USER_FUNCTION_DURATION, durations::read);
    RingSize.apply(probe, "slow_functions", options.events(), options.ringBytes());
    if (options.events()) {
      var process = new ProcessAttributes(telemetry);
      var traces = new CallTraces(telemetry, Metrics.USER_FUNCTION_DURATION);
      probe.onEvent(
          "slow_functions",
          UserFunctionSlow.class,
          slow -> emit(slow, functions.get(slow.function()), durations, traces, process));
    }
  }

  private Set<Mechanism> mechanisms() {
    return switch (options.mechanism()) {
      case ANY -> EnumSet.allOf(Mechanism.class);
      case UPROBE_MULTI -> Set.of(Mechanism.MULTI);
      case UPROBE -> Set.of(Mechanism.EVENT);
      case UPROBE_COPY -> Set.of(Mechanism.COPY);
    };
  }

  /// @throws BpfException when some cannot be found that must be, or none at all
  private FunctionSearch.Result find() {
    if (options.functions().isEmpty())
      throw new BpfException("functions: none; name some, such as libc:getaddrinfo", 0);
    var search = new FunctionSearch(new SharedLibraries(Path.of("/")));
    var found = search.find(options.functions());
    boolean isNone = found.functions().isEmpty();
    if (isNone || options.missing() == Missing.ERROR && !found.missing().isEmpty()) {
      var reasons = new ArrayList<String>();
      found.missing().forEach((name, why) -> reasons.add(name + ": " + why));
      var way = isNone ? "" : "; missing: warn or missing: ignore goes on without";
      throw new BpfException("functions: " + String.join("; ", reasons) + way, 0);
    }
    if (found.functions().size() > MOST) {
      throw new BpfException(
          "functions: %d, and at most %d can be watched at a time; name fewer"
              .formatted(found.functions().size(), MOST),
          0);
    }
    return options.missing() == Missing.IGNORE
        ? new FunctionSearch.Result(found.functions(), Map.of())
        : found;
  }

  private static void emit(
      UserFunctionSlow slow,
      UserFunction function,
      UserFunctionDurations durations,
      CallTraces traces,
      ProcessAttributes process) {
    var event = traces.telemetry().event(Events.USER_FUNCTION_SLOW).at(slow.time());
    process.describe(event, slow.process(), slow.executableName(), slow.cgroup());
    traces.tell(event, slow.process(), slow.time(), slow.duration(), () -> durations.series(slow));
    event
        .set(Keys.THREAD_ID, slow.process().tid())
        .set(Keys.CODE_FUNCTION_NAME, function.name())
        .set(Keys.RINGSIDE_USER_FUNCTION_BINARY, function.file())
        .set(Keys.RINGSIDE_OPERATION_DURATION, slow.duration() / 1e9)
        .emit();
  }
}
