/// OpenTelemetry's declarative configuration file, checked by us before OpenTelemetry reads it:
/// missing, empty, binary, not YAML, of another version, and our own section of it.
package dev.ringside.config.file;
