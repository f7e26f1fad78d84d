package dev.ringside.receivers.telemetry;

import dev.ringside.semconv.Keys;
import dev.ringside.semconv.SpanType;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One finished span on its way through a service's own tracer, whose sampler decides about it.
final class EmbeddedSpan implements CompletedSpanBuilder {
  private record Event(String name, long timeNs) {}

  private final Tracer tracer;
  private final SpanType type;
  private final WallClock clock;
  private final ReceiverCounts counts;
  private final AttributesBuilder attributes = Attributes.builder();
  private final List<Event> events = new ArrayList<>();
  private final List<SpanContext> links = new ArrayList<>();

  private String name;
  private long startBootTimeNs;
  private long startNs;
  private long endNs;
  private SpanContext parent = SpanContext.getInvalid();
  private boolean failed;

  EmbeddedSpan(Tracer tracer, SpanType type, WallClock clock, ReceiverCounts counts) {
    this.tracer = tracer;
    this.type = type;
    this.clock = clock;
    this.counts = counts;
    this.name = type.type();
  }

  @Override
  public CompletedSpanBuilder name(String name) {
    this.name = name;
    return this;
  }

  @Override
  public CompletedSpanBuilder between(long startBootTimeNs, long endBootTimeNs) {
    this.startBootTimeNs = startBootTimeNs;
    startNs = clock.unixNanos(startBootTimeNs);
    endNs = startNs + (endBootTimeNs - startBootTimeNs);
    return this;
  }

  @Override
  public CompletedSpanBuilder event(String name, long bootTimeNs) {
    events.add(new Event(name, startNs + (bootTimeNs - startBootTimeNs)));
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
    if (value != null) attributes.put(key, value);
    return this;
  }

  @Override
  public CompletedSpanBuilder set(AttributeKey<Long> key, long value) {
    attributes.put(key, value);
    return this;
  }

  @Override
  public CompletedSpanBuilder error(String type) {
    failed = true;
    return set(Keys.ERROR_TYPE, type);
  }

  @Override
  public void emit() {
    counts.emitted();
    var builder =
        tracer
            .spanBuilder(name)
            .setSpanKind(CompletedSpan.kindOf(type))
            .setParent(Context.root().with(Span.wrap(parent)))
            .setStartTimestamp(startNs, TimeUnit.NANOSECONDS)
            .setAllAttributes(attributes.build());
    links.forEach(builder::addLink);
    var span = builder.startSpan();
    events.forEach(e -> span.addEvent(e.name(), e.timeNs(), TimeUnit.NANOSECONDS));
    if (failed) span.setStatus(StatusCode.ERROR);
    span.end(endNs, TimeUnit.NANOSECONDS);
    counts.exported();
  }
}
