package dev.ringside.receivers.telemetry;

import dev.ringside.semconv.EventType;
import dev.ringside.semconv.MetricType;
import dev.ringside.semconv.SpanType;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Instant;
import java.util.function.Consumer;

/// Where one receiver reports to, already scoped to its name. In the agent this is a direct path to
/// the exporters; embedded it is the service's own OpenTelemetry.
public interface Telemetry {

  /// Begins a log event. For the polling thread only; emit it before beginning the next.
  EventBuilder event(EventType type);

  /// Begins a span that is already over. For the polling thread only; emit it before beginning the
  /// next.
  CompletedSpanBuilder span(SpanType type);

  /// Reports a counter that the kernel keeps. `read` is called at each collection, on the reader's
  /// thread, and adds the totals since the receiver started; points with equal attributes are added
  /// up.
  void counter(MetricType type, Consumer<CounterPoints> read);

  /// Reports histograms that the kernel keeps; called like [#counter].
  void histogram(MetricType type, Consumer<HistogramPoints> read);

  /// Gives an example of what a histogram of this receiver counted. The newest few of each series
  /// are exported with it, as exemplars, for some minutes. For the polling thread.
  ///
  /// @param series the attributes of the point that counted it
  /// @param endBootTimeNs when it was over, in nanoseconds of CLOCK_BOOTTIME
  /// @param span in which it happened; left out unless somebody samples it
  default void exemplar(
      MetricType histogram,
      Attributes series,
      long durationNs,
      long endBootTimeNs,
      SpanContext span) {}

  /// In which spans threads were; by default nothing is known. Safe on any thread.
  default ThreadContexts contexts() {
    return ThreadContexts.NONE;
  }

  /// Counts a record that the receiver itself could not report, under a short reason of few
  /// different values (`decode_failed`). For the polling thread only.
  void lost(String reason);

  /// The wall time of a moment of CLOCK_BOOTTIME in nanoseconds. Safe on any thread.
  Instant wallTime(long bootTimeNs);

  /// When a process was created, from its start time in nanoseconds of CLOCK_BOOTTIME: exactly the
  /// value that every reader of `/proc` computes (`process.creation.time` identifies a process, so
  /// all observers must say the same). Safe on any thread.
  ///
  /// @return nanoseconds since the Unix epoch
  long processCreation(long startBootTimeNs);

  /// Takes totals since the receiver started.
  interface CounterPoints {
    void add(Attributes attributes, long total);
  }

  /// Takes kernel histograms, of durations in nanoseconds; they are exported in seconds.
  interface HistogramPoints {
    void add(Attributes attributes, dev.ringside.bpf.Histogram histogram);
  }
}
