package dev.ringside.config.connection;

import dev.ringside.bpf.KernelClock;
import dev.ringside.config.export.EnvironmentConfiguration;
import dev.ringside.config.export.Exporters;
import dev.ringside.receivers.telemetry.DirectTelemetry;
import dev.ringside.receivers.telemetry.DiskBuffer;
import dev.ringside.receivers.telemetry.ExportState;
import dev.ringside.receivers.telemetry.ExportStatistics;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// The agent's way out, as configured by variables, from events to a server.
final class WayOut implements AutoCloseable {
  final List<ExportState> states = new CopyOnWriteArrayList<>();
  final DirectTelemetry direct;

  private final Exporters exporters;
  private final Telemetry receiver;
  private int emitted;

  WayOut(String endpoint, String protocol, Map<String, String> more) {
    this(endpoint, protocol, more, null, 100);
  }

  /// @param buffer may be null; not closed with this
  WayOut(
      String endpoint,
      String protocol,
      Map<String, String> more,
      DiskBuffer buffer,
      int batchSize) {
    var variables = new HashMap<String, String>();
    variables.put("otel.exporter.otlp.endpoint", endpoint);
    variables.put("otel.exporter.otlp.protocol", protocol);
    variables.put("otel.traces.exporter", "none");
    variables.put("otel.metrics.exporter", "none");
    variables.putAll(more);
    exporters = EnvironmentConfiguration.read(variables);
    direct =
        DirectTelemetry.builder()
            .logs(exporters.logs())
            .clock(KernelClock.start())
            .batchSize(batchSize)
            .delay(Duration.ZERO)
            .retryPauses(Duration.ofMillis(1), Duration.ofMillis(1))
            .closeTimeout(Duration.ofSeconds(2))
            .onExportState(states::add)
            .buffer(buffer)
            .build();
    receiver = direct.receiver("r", "1");
  }

  void emit(int events) {
    for (int end = emitted + events; emitted < end; emitted++) {
      receiver
          .event(Events.FILE_OPEN)
          .at(emitted)
          .set(Keys.PROCESS_PID, emitted)
          .set(Keys.FILE_PATH, "/tmp/file-" + emitted)
          .emit();
    }
  }

  ExportStatistics account() {
    return direct.statistics().getFirst();
  }

  @Override
  public void close() {
    direct.close();
    exporters.close();
  }
}
