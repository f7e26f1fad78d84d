package dev.ringside.receivers;

import dev.ringside.receivers.telemetry.ThreadContexts;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;

/// One thread, which is in a span at one moment, and of which nothing else is known.
record OneThread(int pid, int tid, long bootTimeNs) implements ThreadContexts {
  static final SpanContext SPAN =
      SpanContext.create(
          "0af7651916cd43dd8448eb211c80319c",
          "b7ad6b7169203331",
          TraceFlags.getSampled(),
          TraceState.getDefault());

  @Override
  public SpanContext at(int pid, int tid, long bootTimeNs) {
    return equals(new OneThread(pid, tid, bootTimeNs)) ? SPAN : SpanContext.getInvalid();
  }
}
