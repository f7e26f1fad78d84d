package dev.ringside.config.agent;

import dev.ringside.receivers.telemetry.ExportStatistics;
import dev.ringside.receivers.telemetry.ReceiverStatus;
import dev.ringside.receivers.telemetry.Telemetry;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// Where receivers report to: straight to exporters ([DirectReporting]), or to a service's own
/// OpenTelemetry ([EmbeddedReporting]).
public sealed interface Reporting permits DirectReporting, EmbeddedReporting {

  /// For the polling thread.
  Telemetry receiver(String name);

  /// How long an event may wait for others before it goes out with them.
  Duration delay();

  /// Called by the polling thread after each round.
  void afterDrain();

  /// Called once, when all receivers are declared: metrics may be read from now on.
  void receiversStarted(Supplier<List<ReceiverStatus>> running);

  List<ExportStatistics> statistics();

  /// The polling thread must not wait any longer for a server that does not answer.
  void stopWaiting();

  /// Called when everything is drained, while the kernel's tables can still be read: says the last
  /// of it.
  void flush();

  /// Called at the very end.
  void close();
}
