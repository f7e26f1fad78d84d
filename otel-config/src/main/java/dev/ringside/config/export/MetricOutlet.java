package dev.ringside.config.export;

import io.opentelemetry.sdk.metrics.export.MetricExporter;
import java.time.Duration;

/// One place where metrics go, and how often.
public record MetricOutlet(MetricExporter exporter, Duration interval) {
  /// OpenTelemetry's default.
  static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(1);
}
