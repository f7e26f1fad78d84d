package dev.ringside.receivers.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanContext;

/// One log event on its way out. Reused: do not keep it after [#emit].
public interface EventBuilder {

  /// When it happened: nanoseconds of CLOCK_BOOTTIME, as `boottime_ns` in an event's struct.
  EventBuilder at(long bootTimeNs);

  /// Replaces the event type's default severity.
  EventBuilder severity(Severity severity);

  /// Sets an attribute; a null value leaves it out.
  <T> EventBuilder set(AttributeKey<T> key, T value);

  /// Sets a number without boxing it.
  EventBuilder set(AttributeKey<Long> key, long value);

  /// Sets the span in which it happened; an invalid context is left out.
  EventBuilder in(SpanContext span);

  void emit();
}
