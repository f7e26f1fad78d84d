package dev.ringside.receivers;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;

/// Reads the value of a `traceparent`, as the environment variable TRACEPARENT carries it.
///
/// `VERSION-TRACEID-SPANID-FLAGS`, in lower-case hexadecimal digits; see "traceparent Header" in
/// W3C Trace Context and "Environment Variables as Context Propagation Carriers" in the
/// OpenTelemetry specification.
final class TraceParent {
  private static final int LENGTH = 55;

  private TraceParent() {}

  /// The context, or an invalid one when the value is anything but right.
  static SpanContext parse(String value) {
    if (!hasForm(value)) return SpanContext.getInvalid();
    return SpanContext.createFromRemoteParent(
        value.substring(3, 35),
        value.substring(36, 52),
        TraceFlags.fromHex(value, 53),
        TraceState.getDefault()); // invalid by itself when an id is all zeros
  }

  private static boolean hasForm(String value) {
    if (value.length() < LENGTH || value.startsWith("ff")) return false;
    for (int i = 0; i < LENGTH; i++) {
      char c = value.charAt(i);
      boolean dash = i == 2 || i == 35 || i == 52;
      boolean hex = c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
      if (dash ? c != '-' : !hex) return false;
    }
    // A later version may say more, behind a further dash; version 00 says no more.
    return value.length() == LENGTH || !value.startsWith("00") && value.charAt(LENGTH) == '-';
  }
}
