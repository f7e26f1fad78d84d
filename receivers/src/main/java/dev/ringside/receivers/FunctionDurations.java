package dev.ringside.receivers;

import dev.ringside.bpf.Histogram;
import dev.ringside.bpf.KernelFunction;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.Table;
import dev.ringside.receivers.linux.Errno;
import dev.ringside.receivers.telemetry.Telemetry.HistogramPoints;
import dev.ringside.semconv.Keys;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.List;

/// The histograms that the kernel keeps of its functions.
final class FunctionDurations {

  /// A place in `function_durations`.
  record FunctionNumber(int value) {}

  /// `struct function_failure`.
  record FunctionFailure(int function, int error) {}

  private final List<KernelFunction> functions;
  private final CallsByWhom byWhom;
  private final Table<FunctionNumber, Histogram> durations;
  private final Table<FunctionFailure, Histogram> failures;

  FunctionDurations(Probe probe, List<KernelFunction> functions, ByWhom by, int series) {
    this.functions = functions;
    byWhom = new CallsByWhom(probe, by, series);
    probe.resize("function_durations", functions.size());
    durations = probe.histograms("function_durations", FunctionNumber.class);
    failures = probe.histograms("function_failures", FunctionFailure.class);
  }

  void read(HistogramPoints points) {
    durations.forEach((number, took) -> {
      if (took.count() > 0) points.add(byWhom.rest(attributes(number.value(), 0)), took);
    });
    failures.forEach((failure, took) ->
        points.add(byWhom.rest(attributes(failure.function(), failure.error())), took));
    byWhom.read(points, this::attributes);
  }

  /// The attributes of the point that counted a call, if there was room for it.
  Attributes series(SlowCall call) {
    return byWhom.series(
        attributes(call.function(), call.error()),
        call.executableName(),
        call.cgroup().path().toString());
  }

  private AttributesBuilder attributes(int function, int error) {
    var attributes =
        Attributes.builder().put(Keys.CODE_FUNCTION_NAME, functions.get(function).name());
    return error == 0 ? attributes : attributes.put(Keys.ERROR_TYPE, Errno.errorType(error));
  }
}
