package dev.ringside.config.export;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.List;

/// Takes down the exporters while OpenTelemetry builds its SDK around them. Each goes back to
/// OpenTelemetry as the same instance: in file mode it closes an exporter that was replaced.
final class Capture {
  private static final AttributeKey<String> SERVICE_NAME = AttributeKey.stringKey("service.name");

  final List<LogRecordExporter> logs = new ArrayList<>();
  final List<SpanExporter> spans = new ArrayList<>();
  final List<MetricExporter> metrics = new ArrayList<>();

  LogRecordExporter log(LogRecordExporter exporter) {
    logs.add(exporter);
    return exporter;
  }

  SpanExporter span(SpanExporter exporter) {
    spans.add(exporter);
    return exporter;
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
