package dev.ringside.config.export;

import dev.ringside.config.file.ConfigurationFile;
import dev.ringside.config.tree.InvalidConfigurationException;
import io.opentelemetry.api.incubator.config.DeclarativeConfigException;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.sdk.autoconfigure.declarativeconfig.DeclarativeConfiguration;
import io.opentelemetry.sdk.autoconfigure.declarativeconfig.DeclarativeConfigurationCustomizer;
import io.opentelemetry.sdk.autoconfigure.declarativeconfig.DeclarativeConfigurationCustomizerProvider;
import io.opentelemetry.sdk.autoconfigure.declarativeconfig.model.OpenTelemetryConfigurationModel;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// OpenTelemetry's part of a declarative configuration file.
///
/// This is the only class that knows the declarative configuration extension, which is still alpha.
public final class FileConfiguration {
  private final Capture capture =
      new Capture(ComponentLoader.forClassLoader(FileConfiguration.class.getClassLoader()));
  private final List<Duration> intervals = new ArrayList<>();
  private Batching batching = Batching.DEFAULT;

  private FileConfiguration() {}

  /// Builds what the file says.
  ///
  /// @throws InvalidConfigurationException when OpenTelemetry does not take the file; one line of
  ///   it
  public static Exporters read(ConfigurationFile file) {
    return new FileConfiguration().build(file);
  }

  private Exporters build(ConfigurationFile file) {
    try {
      var text = new ByteArrayInputStream(file.text().getBytes(StandardCharsets.UTF_8));
      var model = DeclarativeConfiguration.parse(text);
      var result = DeclarativeConfiguration.create(model, withCapture());
      var metrics = new ArrayList<MetricOutlet>();
      for (int i = 0; i < capture.metrics.size(); i++) {
        var interval = i < intervals.size() ? intervals.get(i) : MetricOutlet.DEFAULT_INTERVAL;
        metrics.add(new MetricOutlet(capture.metrics.get(i), interval));
      }
      return new Exporters(
          capture.logs,
          capture.spans,
          metrics,
          Capture.configured(result.getResource()),
          batching,
          file.buffer(),
          () -> {
            // First the exporters: the SDK's own readers would send a last report of themselves.
            capture.metrics.forEach(MetricExporter::shutdown);
            result.getSdk().close();
          });
    } catch (DeclarativeConfigException e) {
      throw new InvalidConfigurationException(List.of(Reason.of(e).in(file)));
    }
  }

  /// Finds components on the class path, as usual, and the capture.
  private ComponentLoader withCapture() {
    return new ComponentLoader() {
      @Override
      public <T> Iterable<T> load(Class<T> service) {
        var found = new ArrayList<T>();
        capture.connections.load(service).forEach(found::add);
        if (service == DeclarativeConfigurationCustomizerProvider.class)
          found.add(service.cast(new CaptureProvider()));
        return found;
      }
    };
  }

  private final class CaptureProvider implements DeclarativeConfigurationCustomizerProvider {
    @Override
    public void customize(DeclarativeConfigurationCustomizer customizer) {
      customizer.addModelCustomizer(FileConfiguration.this::takeOver);
      customizer.addLogRecordExporterCustomizer(LogRecordExporter.class, (e, p) -> capture.log(e));
      customizer.addSpanExporterCustomizer(SpanExporter.class, (e, p) -> capture.span(e));
      customizer.addMetricExporterCustomizer(MetricExporter.class, (e, p) -> capture.metric(e));
    }

    /// After all others, so that what they made of an exporter is what we get.
    @Override
    public int order() {
      return Integer.MAX_VALUE;
    }
  }

  /// Notes intervals and batch sizes, and keeps the SDK's own readers from ever running.
  private OpenTelemetryConfigurationModel takeOver(OpenTelemetryConfigurationModel model) {
    if (model.getMeterProvider() != null && model.getMeterProvider().getReaders() != null) {
      for (var reader : model.getMeterProvider().getReaders()) {
        var periodic = reader.getPeriodic();
        if (periodic == null) continue;
        var millis = periodic.getInterval();
        intervals.add(millis == null ? MetricOutlet.DEFAULT_INTERVAL : Duration.ofMillis(millis));
        periodic.withInterval(Integer.MAX_VALUE);
      }
    }
    if (model.getLoggerProvider() != null && model.getLoggerProvider().getProcessors() != null) {
      for (var processor : model.getLoggerProvider().getProcessors()) {
        var batch = processor.getBatch();
        if (batch == null) continue;
        var size = batch.getMaxExportBatchSize();
        var delay = batch.getScheduleDelay();
        batching =
            new Batching(
                size == null ? Batching.DEFAULT.size() : size,
                delay == null ? Batching.DEFAULT.delay() : Duration.ofMillis(delay));
      }
    }
    return model;
  }
}
