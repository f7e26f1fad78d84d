package dev.ringside.receivers.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// A telemetry with batches of ten records, as tests of failing exporters want it.
final class BatchesOfTen {
  static final Duration NEVER = Duration.ofHours(1);
  static final Duration SOON = Duration.ofMillis(1);

  private BatchesOfTen() {}

  /// @param pause between attempts
  /// @param states what is said of exporters
  static DirectTelemetry direct(
      Duration pause, List<ExportState> states, LogRecordExporter... exporters) {
    return builder(states, exporters).retryPauses(pause, pause).build();
  }

  static DirectTelemetry.Builder builder(List<ExportState> states, LogRecordExporter... exporters) {
    return DirectTelemetry.builder()
        .logs(List.of(exporters))
        .clock(new BootClock())
        .batchSize(10)
        .delay(Duration.ZERO)
        .exportTimeout(Duration.ofSeconds(30))
        .retryPauses(SOON, SOON)
        .onExportState(states::add);
  }

  static void assertAccount(
      DirectTelemetry direct, long emitted, long exported, Map<String, Long> lost) {
    assertThat(direct.statistics())
        .containsExactly(new ExportStatistics("r", emitted, exported, lost, 0));
  }

  static CompletableFuture<Void> onThread(Runnable work) {
    return CompletableFuture.runAsync(work, runnable -> Thread.ofPlatform().start(runnable));
  }
}
