package dev.ringside.semconv;

/// A span of the registry.
///
/// @param receiver the stem of the receiver that reports it
/// @param type `ringside.network.tcp.connection`, or the upstream type that is used as it is
/// @param kind `internal`, `client`, `server`, `producer` or `consumer`
/// @param description one sentence
public record SpanType(String receiver, String type, String kind, String description) {}
