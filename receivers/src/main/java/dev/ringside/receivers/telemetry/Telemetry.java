package dev.ringside.receivers.telemetry;

import dev.ringside.semconv.EventType;
import dev.ringside.semconv.MetricType;
import dev.ringside.semconv.SpanType;
import io.opentelemetry.api.common.Attributes;
import java.util.function.Consumer;

/// Where one receiver reports to, already scoped to its name. In the agent this is a direct path to the
/// exporters; embedded it is the service's own OpenTelemetry.
public interface Telemetry {

  /// Begins a log event. For the polling thread only; emit it before beginning the next.
  EventBuilder event(EventType type);

  /// Begins a span that is already over. For the polling thread only; emit it before beginning the next.
  CompletedSpanBuilder span(SpanType type);

  /// Reports a counter that the kernel keeps. `read` is called at each collection, on the reader's
  /// thread, and adds the totals since the receiver started; points with equal attributes are added up.
  void counter(MetricType type, Consumer<CounterPoints> read);

  /// Reports histograms that the kernel keeps; called like [#counter].
  void histogram(MetricType type, Consumer<HistogramPoints> read);

  /// Takes totals since the receiver started.
  interface CounterPoints {
    void add(Attributes attributes, long total);
  }

  /// Takes kernel histograms, of durations in nanoseconds; they are exported in seconds.
  interface HistogramPoints {
    void add(Attributes attributes, dev.ringside.bpf.Histogram histogram);
  }
}
