package dev.ringside.receivers;

import dev.ringside.bpf.Histogram;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.Table;
import dev.ringside.receivers.linux.ContainerId;
import dev.ringside.receivers.telemetry.Telemetry.HistogramPoints;
import dev.ringside.semconv.Keys;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;

/// The histograms of calls by who made them, where that is asked for; `by_whom.bpf.h`.
final class CallsByWhom {

  /// `struct call_by`.
  record CallBy(int function, int error, String who) {}

  /// The attributes of a function and an error, as a builder for one more.
  @FunctionalInterface
  interface Calls {
    AttributesBuilder attributes(int function, int error);
  }

  /// What the SDK calls the series of all that did not fit. Here there is one for each function and
  /// error, so that the sum of a function stays right.
  static final AttributeKey<Boolean> OVERFLOW = AttributeKey.booleanKey("otel.metric.overflow");

  private final ByWhom by;
  private final Table<CallBy, Histogram> durations;

  /// @param series that there are at most
  CallsByWhom(Probe probe, ByWhom by, int series) {
    this.by = by;
    probe.set("by_whom", by.ordinal());
    durations =
        probe.histogramsOfMost(
            "durations_by_whom", CallBy.class, by == ByWhom.FUNCTION ? 1 : series);
  }

  void read(HistogramPoints points, Calls calls) {
    if (by == ByWhom.FUNCTION) return;
    durations.forEach((call, took) ->
        points.add(who(calls.attributes(call.function(), call.error()), call.who()), took));
  }

  /// The attributes of the point that counted a call, if there was room for who made it.
  Attributes series(AttributesBuilder attributes, String executableName, String cgroup) {
    return switch (by) {
      case FUNCTION -> attributes.build();
      case EXECUTABLE -> who(attributes, executableName);
      case CONTAINER -> attributes.put(Keys.CONTAINER_ID, ContainerId.of(cgroup)).build();
    };
  }

  /// Where histograms are kept by somebody, the others hold what did not fit.
  Attributes rest(AttributesBuilder attributes) {
    return by == ByWhom.FUNCTION ? attributes.build() : attributes.put(OVERFLOW, true).build();
  }

  private Attributes who(AttributesBuilder attributes, String who) {
    var value = by == ByWhom.CONTAINER ? ContainerId.of("/" + who) : who;
    if (value == null || value.isEmpty()) return attributes.build();
    return attributes
        .put(by == ByWhom.CONTAINER ? Keys.CONTAINER_ID : Keys.PROCESS_EXECUTABLE_NAME, value)
        .build();
  }
}
