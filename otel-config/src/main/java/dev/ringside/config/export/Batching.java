package dev.ringside.config.export;

import java.time.Duration;

/// How log events are gathered before they are exported.
///
/// @param size records per export at most
/// @param delay how long a record waits for company at most
public record Batching(int size, Duration delay) {
  /// Four times as many as OpenTelemetry's default for the batch log record processor: one batch is
  /// under way at a time, so in a storm its size divided by the server's answering time is all that
  /// gets through. A batch is full earlier when it reaches a mebibyte.
  public static final Batching DEFAULT = new Batching(2048, Duration.ofSeconds(1));

  /// For a terminal, where a person waits for the line.
  public static final Batching FOR_LOOKING = new Batching(64, Duration.ofMillis(100));
}
