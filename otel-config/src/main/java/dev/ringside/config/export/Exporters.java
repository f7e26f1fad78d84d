package dev.ringside.config.export;

import dev.ringside.config.file.Buffer;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The exporters a configuration asks for, and what else it says about exporting.
///
/// @param logs where events go
/// @param spans where spans go
/// @param metrics where metrics go
/// @param configured what the user said about the Resource, without anything that was detected
/// @param batching how events are gathered
/// @param buffer where records wait on disk, if they do
/// @param owner shuts the exporters down; it runs once, after everything was flushed
public record Exporters(
    List<LogRecordExporter> logs,
    List<SpanExporter> spans,
    List<MetricOutlet> metrics,
    Resource configured,
    Batching batching,
    Optional<Buffer> buffer,
    Runnable owner)
    implements AutoCloseable {
  /// Nothing goes anywhere.
  public static final Exporters NONE =
      new Exporters(
          List.of(),
          List.of(),
          List.of(),
          Resource.empty(),
          Batching.DEFAULT,
          Optional.empty(),
          () -> {});

  public Exporters {
    logs = List.copyOf(logs);
    spans = List.copyOf(spans);
    metrics = List.copyOf(metrics);
  }

  /// The same with one exporter more for each signal, which are shut down first.
  public Exporters and(LogRecordExporter log, MetricOutlet metric) {
    var allLogs = new ArrayList<>(logs);
    var allMetrics = new ArrayList<>(metrics);
    allLogs.add(log);
    allMetrics.add(metric);
    return new Exporters(
        allLogs,
        spans,
        allMetrics,
        configured,
        batching,
        buffer,
        () -> {
          log.shutdown();
          metric.exporter().shutdown();
          owner.run();
        });
  }

  public Exporters with(Batching batching) {
    return new Exporters(logs, spans, metrics, configured, batching, buffer, owner);
  }

  public Exporters with(Buffer buffer) {
    return new Exporters(logs, spans, metrics, configured, batching, Optional.of(buffer), owner);
  }

  /// Whether nothing goes anywhere.
  public boolean isEmpty() {
    return logs.isEmpty() && spans.isEmpty() && metrics.isEmpty();
  }

  /// Shuts the exporters down, without flushing what uses them.
  @Override
  public void close() {
    owner.run();
  }
}
