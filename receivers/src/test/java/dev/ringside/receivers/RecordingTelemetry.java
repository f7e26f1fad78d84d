package dev.ringside.receivers;

import dev.ringside.bpf.Histogram;
import dev.ringside.receivers.telemetry.CompletedSpanBuilder;
import dev.ringside.receivers.telemetry.EventBuilder;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.receivers.telemetry.ThreadContexts;
import dev.ringside.receivers.telemetry.WallClock;
import dev.ringside.semconv.EventType;
import dev.ringside.semconv.MetricType;
import dev.ringside.semconv.SpanType;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Remembers what a receiver reports.
final class RecordingTelemetry implements Telemetry {
  final List<Event> events = new ArrayList<>();
  final List<Span> spans = new ArrayList<>();
  final List<String> lost = new ArrayList<>();
  final List<Exemplar> exemplars = new ArrayList<>();

  /// In which spans threads are.
  ThreadContexts contexts = ThreadContexts.NONE;

  private final WallClock clock;
  private final Map<MetricType, Consumer<CounterPoints>> counters = new HashMap<>();
  private final Map<MetricType, Consumer<HistogramPoints>> histograms = new HashMap<>();

  /// With boot time 0 at the Unix epoch.
  RecordingTelemetry() {
    this(
        new WallClock() {
          @Override
          public long unixNanos(long bootTimeNs) {
            return bootTimeNs;
          }

          @Override
          public long processCreation(long startBootTimeNs) {
            return startBootTimeNs / 10_000_000 * 10_000_000;
          }
        });
  }

  RecordingTelemetry(WallClock clock) {
    this.clock = clock;
  }

  /// @param severity null for the type's own
  /// @param span in which it happened; invalid if that is not known
  record Event(
      EventType type,
      long time,
      Severity severity,
      SpanContext span,
      Map<AttributeKey<?>, Object> attributes) {
    <T> T get(AttributeKey<T> key) {
      @SuppressWarnings("unchecked")
      T value = (T) attributes.get(key);
      return value;
    }
  }

  /// @param error null for success
  /// @param events their times in nanoseconds of CLOCK_BOOTTIME
  record Span(
      SpanType type,
      String name,
      long start,
      long end,
      SpanContext parent,
      List<SpanContext> links,
      String error,
      Map<String, Long> events,
      Map<AttributeKey<?>, Object> attributes) {
    <T> T get(AttributeKey<T> key) {
      @SuppressWarnings("unchecked")
      T value = (T) attributes.get(key);
      return value;
    }
  }

  record Exemplar(
      MetricType histogram, Attributes series, long duration, long end, SpanContext span) {}

  /// The events of one type.
  List<Event> events(EventType type) {
    return events.stream().filter(e -> e.type().equals(type)).toList();
  }

  /// Collects everything, and keeps it for when the kernel's maps are gone.
  void keepMetrics() {
    counters.replaceAll((type, read) -> {
      var points = counter(type);
      return to -> points.forEach(to::add);
    });
    histograms.replaceAll((type, read) -> {
      var points = histogram(type);
      return to -> points.forEach(p -> to.add(p.getKey(), p.getValue()));
    });
  }

  /// Collects a counter.
  Map<Attributes, Long> counter(MetricType type) {
    var points = new LinkedHashMap<Attributes, Long>();
    counters.get(type).accept((attributes, total) -> points.merge(attributes, total, Long::sum));
    return points;
  }

  /// Collects a histogram; several with equal attributes stay apart.
  List<Map.Entry<Attributes, Histogram>> histogram(MetricType type) {
    var points = new ArrayList<Map.Entry<Attributes, Histogram>>();
    histograms.get(type).accept((attributes, h) -> points.add(Map.entry(attributes, h)));
    return points;
  }

  @Override
  public EventBuilder event(EventType type) {
    return new RecordedEvent(type);
  }

  @Override
  public CompletedSpanBuilder span(SpanType type) {
    return new RecordedSpan(type);
  }

  @Override
  public void counter(MetricType type, Consumer<CounterPoints> read) {
    counters.put(type, read);
  }

  @Override
  public void histogram(MetricType type, Consumer<HistogramPoints> read) {
    histograms.put(type, read);
  }

  @Override
  public void exemplar(
      MetricType histogram,
      Attributes series,
      long durationNs,
      long endBootTimeNs,
      SpanContext span) {
    exemplars.add(new Exemplar(histogram, series, durationNs, endBootTimeNs, span));
  }

  @Override
  public ThreadContexts contexts() {
    return contexts;
  }

  @Override
  public void lost(String reason) {
    lost.add(reason);
  }

  @Override
  public Instant wallTime(long bootTimeNs) {
    return Instant.ofEpochSecond(0, clock.unixNanos(bootTimeNs));
  }

  @Override
  public long processCreation(long startBootTimeNs) {
    return clock.processCreation(startBootTimeNs);
  }

  private static void put(
      Map<AttributeKey<?>, Object> attributes, AttributeKey<?> key, Object value) {
    if (value != null && attributes.put(key, value) != null) {
      throw new AssertionError(key + " was set twice");
    }
  }

  private final class RecordedEvent implements EventBuilder {
    private final EventType type;
    private final Map<AttributeKey<?>, Object> attributes = new LinkedHashMap<>();
    private long time;
    private Severity severity;
    private SpanContext span = SpanContext.getInvalid();

    RecordedEvent(EventType type) {
      this.type = type;
    }

    @Override
    public EventBuilder at(long bootTimeNs) {
      time = bootTimeNs;
      return this;
    }

    @Override
    public EventBuilder severity(Severity severity) {
      this.severity = severity;
      return this;
    }

    @Override
    public <T> EventBuilder set(AttributeKey<T> key, T value) {
      put(attributes, key, value);
      return this;
    }

    @Override
    public EventBuilder set(AttributeKey<Long> key, long value) {
      put(attributes, key, value);
      return this;
    }

    @Override
    public EventBuilder in(SpanContext span) {
      this.span = span;
      return this;
    }

    @Override
    public void emit() {
      events.add(new Event(type, time, severity, span, attributes));
    }
  }

  private final class RecordedSpan implements CompletedSpanBuilder {
    private final SpanType type;
    private final Map<AttributeKey<?>, Object> attributes = new LinkedHashMap<>();
    private final Map<String, Long> events = new LinkedHashMap<>();
    private String name;
    private long start;
    private long end;
    private SpanContext parent = SpanContext.getInvalid();
    private final List<SpanContext> links = new ArrayList<>();
    private String error;

    RecordedSpan(SpanType type) {
      this.type = type;
    }

    @Override
    public CompletedSpanBuilder name(String name) {
      this.name = name;
      return this;
    }

    @Override
    public CompletedSpanBuilder between(long startBootTimeNs, long endBootTimeNs) {
      start = startBootTimeNs;
      end = endBootTimeNs;
      return this;
    }

    @Override
    public CompletedSpanBuilder event(String name, long bootTimeNs) {
      events.put(name, bootTimeNs);
      return this;
    }

    @Override
    public CompletedSpanBuilder parent(SpanContext parent) {
      this.parent = parent;
      return this;
    }

    @Override
    public CompletedSpanBuilder link(SpanContext span) {
      if (span.isValid()) links.add(span);
      return this;
    }

    @Override
    public <T> CompletedSpanBuilder set(AttributeKey<T> key, T value) {
      put(attributes, key, value);
      return this;
    }

    @Override
    public CompletedSpanBuilder set(AttributeKey<Long> key, long value) {
      put(attributes, key, value);
      return this;
    }

    @Override
    public CompletedSpanBuilder error(String type) {
      error = type;
      return this;
    }

    @Override
    public void emit() {
      spans.add(new Span(type, name, start, end, parent, links, error, events, attributes));
    }
  }
}
