package dev.ringside.semconv;

/// An event (a log record with an event name) of the registry.
///
/// @param receiver the stem of the receiver that reports it
/// @param name `ringside.process.exec`
/// @param severityNumber the default severity, as OpenTelemetry numbers them: DEBUG 5, INFO 9, WARN
///   13
/// @param description one sentence
public record EventType(String receiver, String name, int severityNumber, String description) {}
