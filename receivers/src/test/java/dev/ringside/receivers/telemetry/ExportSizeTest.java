package dev.ringside.receivers.telemetry;

import static dev.ringside.receivers.telemetry.BatchesOfTen.SOON;
import static dev.ringside.receivers.telemetry.BatchesOfTen.assertAccount;
import static dev.ringside.receivers.telemetry.BatchesOfTen.direct;
import static dev.ringside.receivers.telemetry.DirectTelemetryTest.emit;
import static dev.ringside.receivers.telemetry.DirectTelemetryTest.pids;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Batches that are too large for a server.
@Timeout(60)
class ExportSizeTest {
  private final List<ExportState> states = new CopyOnWriteArrayList<>();

  @Test
  void givesABatchUpOverWhichAServerIsExhaustedThreeTimes() {
    var exporter = new ScriptedExporter();
    for (int i = 0; i < 3; i++) {
      exporter.script.add(() -> Failures.grpc(GrpcStatusCode.RESOURCE_EXHAUSTED, "no room"));
    }
    var direct = direct(SOON, states, exporter);

    emit(direct.receiver("r", "1"), 1, 20);

    assertThat(exporter.attempts)
        .containsExactly(pids(1, 10), pids(1, 10), pids(1, 10), pids(11, 20));
    assertAccount(direct, 20, 10, Map.of("export_refused", 10L));
  }

  @Test
  void sendsInHalvesWhatIsTooLargeForTheServer() {
    var exporter =
        ScriptedExporter.answering(
            Failures.grpc(GrpcStatusCode.RESOURCE_EXHAUSTED, "larger than max"),
            Failures.http(413, "Content Too Large"));
    var direct = direct(SOON, states, exporter);

    emit(direct.receiver("r", "1"), 1, 20);

    assertThat(exporter.attempts)
        .containsExactly(
            pids(1, 10), pids(1, 5), pids(1, 2), pids(3, 5), pids(6, 10), pids(11, 20));
    assertAccount(direct, 20, 20, Map.of());
    assertThat(states).isEmpty();
  }

  @Test
  void losesOnlyTheRecordThatIsTooLargeByItself() {
    var exporter = new ScriptedExporter();
    exporter.refusing = pids -> pids.contains(7L) ? Failures.http(413, "Too Large") : null;
    var direct = direct(SOON, states, exporter);

    emit(direct.receiver("r", "1"), 1, 20);

    assertThat(exporter.attempts).contains(pids(7, 7), pids(6, 6), pids(8, 10), pids(11, 20));
    assertAccount(direct, 20, 19, Map.of("export_refused", 1L));
  }

  @Test
  void goesOnWithTheSecondHalfAfterAServerWasAway() {
    var exporter =
        ScriptedExporter.answering(
            Failures.http(413, "Too Large"),
            CompletableResultCode.ofSuccess(),
            Failures.connectionRefused());
    var direct = direct(SOON, states, exporter);

    emit(direct.receiver("r", "1"), 1, 11);
    direct.close();

    assertThat(exporter.attempts)
        .containsExactly(pids(1, 10), pids(1, 5), pids(6, 10), pids(6, 10), pids(11, 11));
    assertAccount(direct, 11, 11, Map.of());
  }
}
