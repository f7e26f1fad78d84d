package dev.ringside.config.agent;

import dev.ringside.receivers.telemetry.EmbeddedTelemetry;
import dev.ringside.receivers.telemetry.ExportStatistics;
import dev.ringside.receivers.telemetry.ReceiverStatus;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.receivers.telemetry.ThreadContexts;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// A service's way: through its own OpenTelemetry, which stays the service's to flush and close.
public record EmbeddedReporting(
    EmbeddedTelemetry telemetry,
    OpenTelemetry openTelemetry,
    String version,
    ThreadContexts contexts)
    implements Reporting {

  @Override
  public Telemetry receiver(String name) {
    return telemetry.receiver(openTelemetry, name, version, contexts);
  }

  @Override
  public Duration delay() {
    return Duration.ofSeconds(1); // that of the service's own processors, which we do not know
  }

  @Override
  public void afterDrain() {}

  @Override
  public void receiversStarted(Supplier<List<ReceiverStatus>> running) {
    telemetry.reportSelf(openTelemetry, version, running);
  }

  @Override
  public List<ExportStatistics> statistics() {
    return telemetry.statistics();
  }

  @Override
  public void stopWaiting() {}

  @Override
  public void flush() {}

  @Override
  public void close() {
    telemetry.close();
  }
}
