package dev.ringside.config.export;

import dev.ringside.config.connection.Connections;
import dev.ringside.receivers.telemetry.OtlpConnection;
import dev.ringside.receivers.telemetry.OtlpLogExporter;
import dev.ringside.receivers.telemetry.OtlpSpanExporter;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Takes down the exporters while OpenTelemetry builds its SDK around them. Each goes back to
/// OpenTelemetry as the same instance: in file mode it closes an exporter that was replaced. Of
/// OTLP exporters for events and spans we keep the connection, with exporters of our own.
final class Capture {
  private static final AttributeKey<String> SERVICE_NAME = AttributeKey.stringKey("service.name");

  final List<LogRecordExporter> logs = new ArrayList<>();
  final List<SpanExporter> spans = new ArrayList<>();
  final List<MetricExporter> metrics = new ArrayList<>();

  /// Where the exporters find their senders.
  final Connections connections;

  Capture(ComponentLoader components) {
    connections = new Connections(components);
  }

  LogRecordExporter log(LogRecordExporter exporter) {
    var connection = connection(exporter);
    logs.add(connection.<LogRecordExporter>map(OtlpLogExporter::new).orElse(exporter));
    return exporter;
  }

  SpanExporter span(SpanExporter exporter) {
    var connection = connection(exporter);
    spans.add(connection.<SpanExporter>map(OtlpSpanExporter::new).orElse(exporter));
    return exporter;
  }

  /// What an OTLP exporter of OpenTelemetry's is built around: we take its way out, and leave the
  /// rest of it behind. It was made a moment ago, or the exporter has none.
  private Optional<OtlpConnection> connection(Object exporter) {
    return connections
        .newest()
        .filter(c -> String.valueOf(exporter).contains("endpoint=" + c.endpoint()));
  }

  MetricExporter metric(MetricExporter exporter) {
    metrics.add(exporter);
    return exporter;
  }

  /// A Resource without the SDK's own defaults: they describe this process, not the host.
  static Resource configured(Resource resource) {
    var defaults = Resource.getDefault().getAttributes();
    return resource.toBuilder()
        .removeIf(key -> key.getKey().startsWith("telemetry.sdk."))
        .removeIf(key ->
            key.equals(SERVICE_NAME)
                && resource.getAttribute(SERVICE_NAME).equals(defaults.get(SERVICE_NAME)))
        .build();
  }
}
