package dev.ringside.receivers.telemetry;

import dev.ringside.bpf.Text;
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

  /// Sets what the kernel said in bytes. An empty text leaves the attribute out.
  default EventBuilder setText(AttributeKey<String> key, Text value) {
    String text = value.toString();
    return set(key, text.isEmpty() ? null : text);
  }

  /// Sets a number without boxing it.
  EventBuilder set(AttributeKey<Long> key, long value);

  /// Sets a number without boxing it.
  default EventBuilder set(AttributeKey<Double> key, double value) {
    return set(key, (Double) value);
  }

  /// Sets all of them.
  default EventBuilder set(SharedAttributes attributes) {
    attributes.setAll(this);
    return this;
  }

  /// Sets the span in which it happened; an invalid context is left out.
  EventBuilder in(SpanContext span);

  void emit();
}
