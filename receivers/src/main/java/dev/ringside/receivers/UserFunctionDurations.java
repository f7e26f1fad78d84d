package dev.ringside.receivers;

import dev.ringside.bpf.Histogram;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.Table;
import dev.ringside.bpf.UserFunction;
import dev.ringside.receivers.telemetry.Telemetry.HistogramPoints;
import dev.ringside.semconv.Keys;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.List;

/// The histograms that the kernel keeps of functions of programs.
final class UserFunctionDurations {

  /// A function's place in the list of those that are watched; the index of `function_durations`.
  record FunctionNumber(int number) {}

  private final List<UserFunction> functions;
  private final CallsByWhom byWhom;
  private final Table<FunctionNumber, Histogram> durations;

  UserFunctionDurations(Probe probe, List<UserFunction> functions, ByWhom by, int series) {
    this.functions = functions;
    byWhom = new CallsByWhom(probe, by, series);
    probe.resize("function_durations", functions.size());
    durations = probe.histograms("function_durations", FunctionNumber.class);
  }

  void read(HistogramPoints points) {
    durations.forEach((function, took) -> {
      if (took.count() > 0) points.add(byWhom.rest(attributes(function.number(), 0)), took);
    });
    byWhom.read(points, this::attributes);
  }

  /// The attributes of the point that counted a call, if there was room for it.
  Attributes series(UserFunctionSlow slow) {
    return byWhom.series(
        attributes(slow.function(), 0), slow.executableName().toString(), slow.cgroup().toString());
  }

  /// What these functions return is theirs: there is no error that is known.
  private AttributesBuilder attributes(int function, int error) {
    var watched = functions.get(function);
    return Attributes.builder()
        .put(Keys.CODE_FUNCTION_NAME, watched.name())
        .put(Keys.RINGSIDE_USER_FUNCTION_BINARY, watched.file());
  }
}
