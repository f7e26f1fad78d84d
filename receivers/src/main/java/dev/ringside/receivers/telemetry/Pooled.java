package dev.ringside.receivers.telemetry;

/// A record that is filled again when its batch is exported.
interface Pooled {
  Origin origin();
}
