package dev.ringside.receivers;

import dev.ringside.bpf.BpfException;
import dev.ringside.bpf.FunctionsNeed;
import dev.ringside.bpf.KernelFunction;
import dev.ringside.bpf.Need;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.Selection;
import dev.ringside.bpf.Way;
import dev.ringside.receivers.FunctionLatencyOptions.Missing;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.semconv.Metrics;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Reports how long functions of the kernel take, by function and error.
final class FunctionLatencyReceiver implements Receiver {

  private static final String GO_ON = "missing: warn or missing: ignore goes on without them";

  /// `FUNCTIONS` of `function.bpf.h`.
  private static final int MOST = 4096;

  private final FunctionLatencyOptions options;
  private final ProcessFilter filter;
  private final Choosing choosing;
  private final CallArguments.Types types;

  /// Which functions of a kernel patterns mean, and whether dangerous ones are among them.
  interface Choosing {
    Selection select(List<String> patterns, boolean force);
  }

  FunctionLatencyReceiver(
      FunctionLatencyOptions options,
      ProcessFilter filter,
      Choosing choosing,
      CallArguments.Types types) {
    this.options = options;
    this.filter = filter;
    this.choosing = choosing;
    this.types = types;
  }

  @Override
  public void bind(Probe probe, Telemetry telemetry) {
    filter.apply(probe);
    var selection = choosing.select(options.functions(), options.force());
    require(selection);
    var errors = new ReturnedErrors(options.returnsErrno(), options.returnsNoErrno());
    var functions = errors.applyTo(selection.functions());
    probe.set("function_results", errors.results(functions));
    probe.need(
        Need.required(
            "start times",
            Way.by("task storage")
                .map("calls_by_task")
                .set("use_task_storage", 1)
                .attach("on_exit"),
            Way.by("hash")
                .map("calls_by_thread")
                .attach("on_exit")
                .note("about 800 instructions more per call than task storage")));
    var ways = FunctionWays.in(options.mechanism(), functions.size());
    probe.need(new FunctionsNeed(functions, ways, without(selection), required(functions)));

    probe.set("events", options.events() ? 1 : 0);
    probe.set("min_duration_ns", options.minDuration().toNanos());
    probe.set("only_failed", options.failedOnly() ? 1 : 0);
    ResultFilter.of(options.result()).apply(probe, functions);
    RingSize.apply(probe, "slow_calls", options.events(), options.ringBytes());
    var arguments = CallArguments.of(options.arguments(), selection, types);
    arguments.apply(probe);
    probe.set("told_from_ns", toldFrom(options, arguments));
    probe.set("entries_are_alike", filter.isAll() && !arguments.areAsked() ? 1 : 0);
    var durations = new FunctionDurations(probe, functions, options.by(), options.series());
    if (options.events()) {
      var stacks = CallStacks.asked(options.kernelStack(), options.userStack());
      stacks.apply(probe);
      var events = new SlowCallEvents(functions, durations, arguments, stacks, telemetry);
      probe.onEvent("slow_calls", SlowCall.class, events::emit);
    }
    telemetry.histogram(Metrics.KERNEL_FUNCTION_DURATION, durations::read);
  }

  /// Of calls that take less nothing but their duration is recorded, which is quicker.
  private static long toldFrom(FunctionLatencyOptions options, CallArguments arguments) {
    if (options.by() != ByWhom.FUNCTION || arguments.areAsked()) return 0;
    return options.events() ? options.minDuration().toNanos() : Long.MAX_VALUE;
  }

  private void require(Selection selection) {
    if (options.missing() == Missing.ERROR && !selection.refused().isEmpty()) {
      throw new BpfException(
          "functions: "
              + selection.refused().stream().map(Object::toString).collect(Collectors.joining("; "))
              + "; "
              + GO_ON,
          0);
    }
    if (selection.functions().isEmpty()) {
      throw new BpfException("functions: nothing to watch in " + options.functions(), 0);
    }
    if (selection.functions().size() > MOST) {
      throw new BpfException(
          "functions: %d, and at most %d can be watched at a time; name fewer"
              .formatted(selection.functions().size(), MOST),
          0);
    }
  }

  private Map<String, String> without(Selection selection) {
    return options.missing() == Missing.IGNORE
        ? Map.of()
        : selection.refused().stream()
            .collect(Collectors.toMap(Selection.Refused::pattern, Object::toString, (a, b) -> a));
  }

  /// Those that were named one by one. What a pattern for many reaches is there if it can be.
  private Map<String, String> required(List<KernelFunction> functions) {
    return options.missing() != Missing.ERROR
        ? Map.of()
        : functions.stream()
            .filter(f ->
                options.functions().contains(f.name())
                    || options.functions().contains(f.toString()))
            .collect(Collectors.toMap(KernelFunction::name, f -> GO_ON, (a, b) -> a));
  }
}
