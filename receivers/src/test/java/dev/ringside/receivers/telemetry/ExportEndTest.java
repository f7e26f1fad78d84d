package dev.ringside.receivers.telemetry;

import static dev.ringside.receivers.telemetry.BatchesOfTen.NEVER;
import static dev.ringside.receivers.telemetry.BatchesOfTen.assertAccount;
import static dev.ringside.receivers.telemetry.BatchesOfTen.builder;
import static dev.ringside.receivers.telemetry.BatchesOfTen.direct;
import static dev.ringside.receivers.telemetry.BatchesOfTen.onThread;
import static dev.ringside.receivers.telemetry.DirectTelemetryTest.emit;
import static dev.ringside.receivers.telemetry.DirectTelemetryTest.pids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.sdk.common.CompletableResultCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The end, while exporters do not answer: nobody waits for them any longer.
@Timeout(60)
class ExportEndTest {
  private final List<ExportState> states = new CopyOnWriteArrayList<>();

  @Test
  void closingEndsTheWaitForAServerThatIsGone() {
    var exporter = new ScriptedExporter();
    for (int i = 0; i < 1000; i++) exporter.script.add(Failures::connectionRefused);
    var direct = direct(NEVER, states, exporter);
    var polling = onThread(() -> emit(direct.receiver("r", "1"), 1, 25));
    await().until(() -> direct.statistics().getFirst().emitted() == 10);

    direct.stopWaiting();
    polling.join();
    direct.close();

    assertAccount(direct, 25, 0, Map.of("export_failed", 25L));
  }

  @Test
  void closingEndsTheWaitForAnExporterThatHangs() {
    var exporter = ScriptedExporter.answering(new CompletableResultCode());
    var direct =
        builder(states, exporter).exportTimeout(NEVER).closeTimeout(Duration.ofMillis(50)).build();
    var polling = onThread(() -> emit(direct.receiver("r", "1"), 1, 10));
    await().until(() -> exporter.attempts.size() == 1);

    direct.close();
    polling.join();

    assertAccount(direct, 10, 0, Map.of("export_failed", 10L));
  }

  @Test
  void closingStillSendsWhatTheServerTakes() {
    var exporter = ScriptedExporter.answering(Failures.connectionRefused());
    var direct = direct(NEVER, states, exporter);
    var polling = onThread(() -> emit(direct.receiver("r", "1"), 1, 25));
    await().until(() -> direct.statistics().getFirst().emitted() == 10);

    direct.stopWaiting();
    polling.join();
    direct.close();

    assertThat(exporter.attempts)
        .containsExactly(pids(1, 10), pids(1, 10), pids(11, 20), pids(21, 25));
    assertAccount(direct, 25, 25, Map.of());
  }

  @Test
  void anInterruptEndsTheWaitAndStaysSet() {
    var exporter = new ScriptedExporter();
    for (int i = 0; i < 1000; i++) exporter.script.add(Failures::connectionRefused);
    var direct = direct(NEVER, states, exporter);
    var interrupted = new CompletableFuture<Boolean>();
    var thread =
        Thread.ofPlatform()
            .start(() -> {
              emit(direct.receiver("r", "1"), 1, 15);
              interrupted.complete(Thread.currentThread().isInterrupted());
            });
    await().until(() -> direct.statistics().getFirst().emitted() == 10);

    thread.interrupt();

    assertThat(interrupted.join()).isTrue();
    direct.close();
    assertAccount(direct, 15, 0, Map.of("export_failed", 15L));
  }
}
