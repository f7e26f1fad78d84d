package dev.ringside.receivers.context;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;

/// Spans by number.
final class Spans {
  private Spans() {}

  static SpanContext span(int number) {
    return SpanContext.create(
        "0af7651916cd43dd8448eb211c%06x".formatted(number),
        "b7ad6b71%08x".formatted(number),
        TraceFlags.getSampled(),
        TraceState.getDefault());
  }

  static Context context(int number) {
    return Context.root().with(Span.wrap(span(number)));
  }
}
