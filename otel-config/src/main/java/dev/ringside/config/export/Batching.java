package dev.ringside.config.export;

import java.time.Duration;

/// How log events are gathered before they are exported.
///
/// @param size records per export at most
/// @param delay how long a record waits for company at most
public record Batching(int size, Duration delay) {
  /// OpenTelemetry's defaults for the batch log record processor.
  public static final Batching DEFAULT = new Batching(512, Duration.ofSeconds(1));

  /// For a terminal, where a person waits for the line.
  public static final Batching FOR_LOOKING = new Batching(64, Duration.ofMillis(100));
}
