package dev.ringside.receivers;

import dev.ringside.bpf.BpfException;
import dev.ringside.bpf.FunctionsNeed;
import dev.ringside.bpf.KernelFunction;
import dev.ringside.bpf.Need;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.Selection;
import dev.ringside.bpf.Text;
import dev.ringside.bpf.Way;
import dev.ringside.receivers.FunctionLatencyOptions.Missing;
import dev.ringside.receivers.linux.Errno;
import dev.ringside.receivers.telemetry.EventBuilder;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Reports how long functions of the kernel take, by function and error.
final class FunctionLatencyReceiver implements Receiver {

  /// A place in `function_durations`.
  record FunctionNumber(int value) {}

  /// `struct function_failure`.
  record FunctionFailure(int function, int error) {}

  /// `FUNCTIONS` of `function.bpf.h`.
  private static final int MOST = 4096;

  // enum function_result
  private static final byte RESULT_NONE = 0;
  private static final byte RESULT_32 = 1;
  private static final byte RESULT_64 = 2;

  private final FunctionLatencyOptions options;
  private final ProcessFilter filter;
  private final Choosing choosing;

  /// Which functions of a kernel patterns mean, and whether dangerous ones are among them.
  interface Choosing {
    Selection select(List<String> patterns, boolean force);
  }

  FunctionLatencyReceiver(FunctionLatencyOptions options, ProcessFilter filter, Choosing choosing) {
    this.options = options;
    this.filter = filter;
    this.choosing = choosing;
  }

  @Override
  public void bind(Probe probe, Telemetry telemetry) {
    filter.apply(probe);
    var selection = choosing.select(options.functions(), options.force());
    require(selection);
    var functions = selection.functions();
    probe.set("function_results", results(functions));
    probe.resize("function_durations", functions.size());
    probe.need(
        Need.required(
            "start times",
            Way.by("task storage").map("calls_by_task").set("use_task_storage", 1),
            Way.by("hash")
                .map("calls_by_thread")
                .note("about 800 instructions more per call than task storage")));
    probe.need(
        new FunctionsNeed(functions, FunctionWays.by(options.mechanism()), without(selection)));

    probe.set("events", options.events() ? 1 : 0);
    probe.set("min_duration_ns", options.minDuration().toNanos());
    RingSize.apply(probe, "slow_calls", options.events(), options.ringBytes());
    if (options.events()) {
      var process = new ProcessAttributes(telemetry);
      probe.onEvent(
          "slow_calls",
          SlowCall.class,
          call -> emit(call, functions.get(call.function()), telemetry, process));
    }
    var durations = probe.histograms("function_durations", FunctionNumber.class);
    var failures = probe.histograms("function_failures", FunctionFailure.class);
    telemetry.histogram(
        Metrics.KERNEL_FUNCTION_DURATION,
        points -> {
          durations.forEach((number, took) -> {
            if (took.count() > 0) points.add(attributes(functions.get(number.value()), 0), took);
          });
          failures.forEach((failure, took) ->
              points.add(attributes(functions.get(failure.function()), failure.error()), took));
        });
  }

  private static void emit(
      SlowCall call, KernelFunction function, Telemetry telemetry, ProcessAttributes process) {
    EventBuilder event = telemetry.event(Events.KERNEL_FUNCTION_SLOW).at(call.time());
    process.describe(event, call.process(), Text.of(call.executableName()), call.cgroup().path());
    ProcessAttributes.failure(event, call.error());
    event
        .set(Keys.THREAD_ID, call.process().tid())
        .set(Keys.CODE_FUNCTION_NAME, function.name())
        .set(Keys.RINGSIDE_OPERATION_DURATION, call.duration() / 1e9);
    Long result = number(call.result(), function.returned());
    if (result != null) event.set(Keys.RINGSIDE_FUNCTION_RESULT, result);
    event.emit();
  }

  /// A result as a number, where it is one.
  private static Long number(long register, KernelFunction.Returned returned) {
    return switch (returned) {
      case SIGNED_32 -> (long) (int) register;
      case UNSIGNED_32 -> register & 0xffff_ffffL;
      case BOOL -> register & 1;
      case SIGNED_64, UNSIGNED_64 -> register;
      case NOTHING, POINTER, UNKNOWN -> null;
    };
  }

  private void require(Selection selection) {
    if (options.missing() == Missing.ERROR && !selection.refused().isEmpty()) {
      throw new BpfException(
          "functions: "
              + selection.refused().stream().map(Object::toString).collect(Collectors.joining("; "))
              + "; missing: warn or missing: ignore goes on without them",
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

  /// A function that returns a signed number or a pointer returns a negated errno where it fails,
  /// by the kernel's own convention (include/linux/err.h). Few return other negative numbers, and
  /// fewer such that look like one.
  private static byte[] results(List<KernelFunction> functions) {
    var results = new byte[functions.size()];
    for (int i = 0; i < results.length; i++) {
      results[i] =
          switch (functions.get(i).returned()) {
            case SIGNED_32 -> RESULT_32;
            case SIGNED_64, POINTER -> RESULT_64;
            case NOTHING, UNSIGNED_32, UNSIGNED_64, BOOL, UNKNOWN -> RESULT_NONE;
          };
    }
    return results;
  }

  private static Attributes attributes(KernelFunction function, int error) {
    var attributes = Attributes.builder().put(Keys.CODE_FUNCTION_NAME, function.name());
    if (error != 0) attributes.put(Keys.ERROR_TYPE, Errno.errorType(error));
    return attributes.build();
  }
}
