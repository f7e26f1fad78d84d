package dev.ringside.integration.otlp;

import java.util.List;
import java.util.Map;

/// A span as it arrived.
///
/// @param kind as OTLP numbers them: internal 1, server 2, client 3, producer 4, consumer 5
/// @param parentSpanId in hex; empty for a root span
/// @param status unset 0, ok 1, error 2
public record SpanRecord(
    Origin origin,
    String name,
    int kind,
    String traceId,
    String spanId,
    String parentSpanId,
    long startNs,
    long endNs,
    int status,
    Map<String, Object> attributes,
    List<Event> events) {

  /// Something that happened in the meantime.
  public record Event(String name, long timeNs) {}
}
