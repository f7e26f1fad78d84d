package dev.ringside.receivers;

import dev.ringside.bpf.Histogram;
import dev.ringside.bpf.KernelFunction;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.Table;
import dev.ringside.receivers.FunctionLatencyOptions.By;
import dev.ringside.receivers.linux.ContainerId;
import dev.ringside.receivers.linux.Errno;
import dev.ringside.receivers.telemetry.Telemetry.HistogramPoints;
import dev.ringside.semconv.Keys;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.List;

/// The histograms that the kernel keeps of functions.
final class FunctionDurations {

  /// A place in `function_durations`.
  record FunctionNumber(int value) {}

  /// `struct function_failure`.
  record FunctionFailure(int function, int error) {}

  /// `struct call_by`.
  record CallBy(int function, int error, String who) {}

  /// What the SDK calls the series of all that did not fit. Here there is one for each function and
  /// error, so that the sum of a function stays right.
  static final AttributeKey<Boolean> OVERFLOW = AttributeKey.booleanKey("otel.metric.overflow");

  private final List<KernelFunction> functions;
  private final By by;
  private final Table<FunctionNumber, Histogram> durations;
  private final Table<FunctionFailure, Histogram> failures;
  private final Table<CallBy, Histogram> byWhom;

  FunctionDurations(Probe probe, List<KernelFunction> functions, By by, int series) {
    this.functions = functions;
    this.by = by;
    probe.resize("function_durations", functions.size());
    probe.resize("durations_by_whom", by == By.FUNCTION ? 1 : series);
    probe.set("by_whom", by.ordinal());
    durations = probe.histograms("function_durations", FunctionNumber.class);
    failures = probe.histograms("function_failures", FunctionFailure.class);
    byWhom = probe.histograms("durations_by_whom", CallBy.class);
  }

  void read(HistogramPoints points) {
    durations.forEach((number, took) -> {
      if (took.count() > 0) points.add(rest(attributes(number.value(), 0)), took);
    });
    failures.forEach(
        (failure, took) -> points.add(rest(attributes(failure.function(), failure.error())), took));
    if (by == By.FUNCTION) return;
    byWhom.forEach((call, took) ->
        points.add(who(attributes(call.function(), call.error()), call.who()), took));
  }

  /// The attributes of the point that counted a call, if there was room for it.
  Attributes series(SlowCall call) {
    var attributes = attributes(call.function(), call.error());
    return switch (by) {
      case FUNCTION -> attributes.build();
      case EXECUTABLE -> who(attributes, call.executableName());
      case CONTAINER ->
          attributes
              .put(Keys.CONTAINER_ID, ContainerId.of(call.cgroup().path().toString()))
              .build();
    };
  }

  /// Where histograms are kept by somebody, the others hold what did not fit.
  private Attributes rest(AttributesBuilder attributes) {
    return by == By.FUNCTION ? attributes.build() : attributes.put(OVERFLOW, true).build();
  }

  private Attributes who(AttributesBuilder attributes, String who) {
    var value = by == By.CONTAINER ? ContainerId.of("/" + who) : who;
    if (value == null || value.isEmpty()) return attributes.build();
    return attributes
        .put(by == By.CONTAINER ? Keys.CONTAINER_ID : Keys.PROCESS_EXECUTABLE_NAME, value)
        .build();
  }

  private AttributesBuilder attributes(int function, int error) {
    var attributes =
        Attributes.builder().put(Keys.CODE_FUNCTION_NAME, functions.get(function).name());
    return error == 0 ? attributes : attributes.put(Keys.ERROR_TYPE, Errno.errorType(error));
  }
}
