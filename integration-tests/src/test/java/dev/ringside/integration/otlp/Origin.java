package dev.ringside.integration.otlp;

import java.util.Map;

/// Whose telemetry it is, and which instrumentation scope made it.
///
/// @param resource the Resource's attributes
public record Origin(
    Map<String, Object> resource,
    String resourceSchemaUrl,
    String scope,
    String scopeVersion,
    String scopeSchemaUrl) {}
