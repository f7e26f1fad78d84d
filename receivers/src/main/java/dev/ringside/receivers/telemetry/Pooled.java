package dev.ringside.receivers.telemetry;

/// A record that is filled again when its batch is exported.
interface Pooled {
  Origin origin();

  /// About how many bytes it takes on the wire, so that a batch stays below what servers accept.
  int wireBytes();
}
