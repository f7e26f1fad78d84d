package dev.ringside.receivers;

import dev.ringside.receivers.telemetry.EventBuilder;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.semconv.MetricType;
import io.opentelemetry.api.common.Attributes;
import java.util.function.Supplier;

/// Says in which span a call was made, where that is known. For the polling thread.
///
/// @param histogram what counts such calls
record CallTraces(Telemetry telemetry, MetricType histogram) {

  /// Puts the event into the span, and makes the call an exemplar of its series.
  ///
  /// @param end when the call returned, in nanoseconds of CLOCK_BOOTTIME
  /// @param series the attributes of the point that counted it
  void tell(
      EventBuilder event,
      ObservedProcess process,
      long end,
      long durationNs,
      Supplier<Attributes> series) {
    // Who made it: what the thread began meanwhile, called back, belongs to the call and not the
    // call to it.
    var span = telemetry.contexts().at(process.pid(), process.tid(), end - durationNs);
    if (!span.isValid()) return;
    event.in(span);
    telemetry.exemplar(histogram, series.get(), durationNs, end, span);
  }
}
