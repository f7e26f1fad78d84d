package dev.ringside.receivers.telemetry;

import dev.ringside.semconv.EventType;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.util.concurrent.TimeUnit;

/// One log event on its way through a service's own logger.
final class EmbeddedEvent implements EventBuilder {
  private final LogRecordBuilder record;
  private final WallClock clock;
  private final ReceiverCounts counts;

  EmbeddedEvent(LogRecordBuilder record, EventType type, WallClock clock, ReceiverCounts counts) {
    this.clock = clock;
    this.counts = counts;
    // Whatever span is current on the polling thread has nothing to do with the event.
    this.record =
        record
            .setContext(Context.root())
            .setEventName(type.name())
            .setSeverity(LogRecord.severityOf(type))
            .setObservedTimestamp(ObservedTime.unixNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public EventBuilder at(long bootTimeNs) {
    record.setTimestamp(clock.unixNanos(bootTimeNs), TimeUnit.NANOSECONDS);
    return this;
  }

  @Override
  public EventBuilder severity(Severity severity) {
    record.setSeverity(severity);
    return this;
  }

  @Override
  public <T> EventBuilder set(AttributeKey<T> key, T value) {
    if (value != null) record.setAttribute(key, value);
    return this;
  }

  @Override
  public EventBuilder set(AttributeKey<Long> key, long value) {
    record.setAttribute(key, value);
    return this;
  }

  @Override
  public EventBuilder in(SpanContext span) {
    record.setContext(Context.root().with(Span.wrap(span)));
    return this;
  }

  @Override
  public void emit() {
    counts.emitted();
    record.emit();
    counts.exported();
  }
}
