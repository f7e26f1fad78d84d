/// Holds the generated constants, the pages and OpenTelemetry's own conventions against the
/// registry.
///
/// Weaver checks more, but takes too long to build for a test; what is here needs only the YAML.
package dev.ringside.semconv;
