package dev.ringside.integration.otlp;

import java.util.Map;

/// A log record as it arrived.
///
/// @param name the event name; empty for a plain log record
/// @param traceId in hex; empty when there is none
/// @param spanId in hex; empty when there is none
/// @param attributes values are `String`, `Long`, `Double`, `Boolean` or lists of them
/// @param body null when there is none
public record LogEvent(
    Origin origin,
    String name,
    int severity,
    long timeNs,
    long observedNs,
    String traceId,
    String spanId,
    Map<String, Object> attributes,
    Object body) {

  /// An attribute that must be a whole number.
  public long number(String key) {
    if (attributes.get(key) instanceof Long value) return value;
    throw new AssertionError(key + " of " + this + " is not a whole number");
  }

  /// An attribute that must be a string.
  public String text(String key) {
    if (attributes.get(key) instanceof String value) return value;
    throw new AssertionError(key + " of " + this + " is not a string");
  }
}
