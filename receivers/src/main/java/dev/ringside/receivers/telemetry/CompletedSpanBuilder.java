package dev.ringside.receivers.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanContext;

/// One finished span on its way out. Reused: do not keep it after [#emit].
public interface CompletedSpanBuilder {

  /// The span's name, of low cardinality.
  CompletedSpanBuilder name(String name);

  /// Begin and end in nanoseconds of CLOCK_BOOTTIME.
  CompletedSpanBuilder between(long startBootTimeNs, long endBootTimeNs);

  /// Something that happened meanwhile, in nanoseconds of CLOCK_BOOTTIME; to be called after
  /// [#between].
  CompletedSpanBuilder event(String name, long bootTimeNs);

  /// The remote parent; an invalid context makes a root span.
  CompletedSpanBuilder parent(SpanContext parent);

  /// A span that caused this one, without being its parent; an invalid context is left out.
  CompletedSpanBuilder link(SpanContext span);

  /// Sets an attribute; a null value leaves it out.
  <T> CompletedSpanBuilder set(AttributeKey<T> key, T value);

  CompletedSpanBuilder set(AttributeKey<Long> key, long value);

  /// Marks the operation as failed: status Error and `error.type`.
  CompletedSpanBuilder error(String type);

  void emit();
}
