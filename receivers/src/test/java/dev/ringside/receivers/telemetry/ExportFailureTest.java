package dev.ringside.receivers.telemetry;

import static dev.ringside.receivers.telemetry.BatchesOfTen.SOON;
import static dev.ringside.receivers.telemetry.BatchesOfTen.assertAccount;
import static dev.ringside.receivers.telemetry.BatchesOfTen.builder;
import static dev.ringside.receivers.telemetry.BatchesOfTen.direct;
import static dev.ringside.receivers.telemetry.BatchesOfTen.onThread;
import static dev.ringside.receivers.telemetry.DirectTelemetryTest.emit;
import static dev.ringside.receivers.telemetry.DirectTelemetryTest.pids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringside.semconv.Keys;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whatever an exporter does: `emitted = exported + lost`, and nothing goes out twice by our doing.
@Timeout(60)
class ExportFailureTest {
  private final List<ExportState> states = new CopyOnWriteArrayList<>();

  @Test
  void triesAnUnansweredBatchAgain() {
    var exporter =
        ScriptedExporter.answering(Failures.connectionRefused(), Failures.http(503, "Busy"));
    var direct = direct(SOON, states, exporter);

    emit(direct.receiver("r", "1"), 1, 10);
    emit(direct.receiver("r", "1"), 11, 20);

    assertThat(exporter.attempts)
        .containsExactly(pids(1, 10), pids(1, 10), pids(1, 10), pids(11, 20));
    assertAccount(direct, 20, 20, Map.of());
  }

  @Test
  void tellsOfTroubleAndItsEndOnceEach() {
    var exporter =
        ScriptedExporter.answering(
            Failures.connectionRefused(),
            Failures.connectionRefused(),
            Failures.connectionRefused());
    var direct = direct(SOON, states, exporter);

    emit(direct.receiver("r", "1"), 1, 20);

    assertThat(states)
        .extracting(ExportState::message)
        .containsExactly(
            "ScriptedExporter does not answer: ConnectException: Connection refused;"
                + " keeping 10 records, the rings absorb more; retrying",
            "ScriptedExporter answers again after 0 s");
  }

  @Test
  void goesOnFillingBehindABatchThatIsTriedAgain() {
    var exporter = ScriptedExporter.answering(Failures.connectionRefused());
    var direct = direct(SOON, states, exporter);
    var telemetry = direct.receiver("r", "1");

    emit(telemetry, 1, 4);
    direct.afterDrain();
    emit(telemetry, 5, 12);
    direct.close();

    assertThat(exporter.attempts.subList(0, 2)).containsExactly(pids(1, 4), pids(1, 4));
    assertThat(exporter.attempts.stream().skip(1).flatMap(List::stream).toList())
        .isEqualTo(pids(1, 12));
    assertAccount(direct, 12, 12, Map.of());
  }

  @Test
  void dropsAndCountsWhatTheServerRefuses() {
    var exporter = ScriptedExporter.answering(Failures.http(400, "Bad Request"));
    var direct = direct(SOON, states, exporter);

    emit(direct.receiver("r", "1"), 1, 20);

    assertThat(exporter.attempts).containsExactly(pids(1, 10), pids(11, 20));
    assertAccount(direct, 20, 10, Map.of("export_refused", 10L));
    assertThat(states.getFirst().message()).contains("HTTP 400 Bad Request", "lost 10 records");
  }

  @Test
  void waitsForAnExporterThatTakesItsTime() {
    var slow = new CompletableResultCode();
    var exporter = ScriptedExporter.answering(slow);
    var direct = direct(SOON, states, exporter);

    var polling = onThread(() -> emit(direct.receiver("r", "1"), 1, 10));
    await().until(() -> exporter.attempts.size() == 1);
    var whileItTakes = direct.statistics().getFirst();
    slow.succeed();
    polling.join();

    assertThat(whileItTakes.waiting()).isEqualTo(10);
    assertAccount(direct, 10, 10, Map.of());
    assertThat(states).isEmpty();
  }

  @Test
  void leavesItsRecordsToAnAttemptThatNeverEnds() {
    var hanging = new CompletableResultCode();
    var held = new CopyOnWriteArrayList<List<LogRecordData>>();
    var exporter = ScriptedExporter.answering(hanging);
    LogRecordExporter keeping = new Keeping(exporter, records -> held.add(List.copyOf(records)));
    var direct =
        builder(states, keeping)
            .retryPauses(SOON, SOON)
            .exportTimeout(Duration.ofMillis(20))
            .build();

    emit(direct.receiver("r", "1"), 1, 30);

    assertAccount(direct, 30, 30, Map.of());
    assertThat(exporter.attempts.subList(0, 2)).containsExactly(pids(1, 10), pids(1, 10));
    assertThat(held.getFirst())
        .extracting(r -> r.getAttributes().get(Keys.PROCESS_PID))
        .isEqualTo(pids(1, 10));
    assertThat(states.getFirst().message()).contains("nothing within");
  }

  @Test
  void takesALateAnswerInsteadOfSendingAgain() {
    var late = new CompletableResultCode();
    var exporter = ScriptedExporter.answering(late);
    var direct =
        builder(states, exporter)
            .retryPauses(Duration.ofMillis(200), Duration.ofMillis(200))
            .exportTimeout(Duration.ofMillis(1))
            .build();
    var telemetry = direct.receiver("r", "1");

    emit(telemetry, 1, 10);
    late.succeed();
    emit(telemetry, 11, 11);
    direct.close();

    assertThat(exporter.attempts).containsExactly(pids(1, 10), pids(11, 11));
    assertAccount(direct, 11, 11, Map.of());
  }

  @Test
  void survivesAnExporterThatThrows() {
    var exporter = new ScriptedExporter();
    exporter.script.add(() -> {
      throw new IllegalStateException("no room");
    });
    var direct = direct(SOON, states, exporter);

    emit(direct.receiver("r", "1"), 1, 11);
    direct.close();

    assertAccount(direct, 11, 11, Map.of());
    assertThat(states.getFirst().message()).contains("it threw IllegalStateException: no room");
  }

  @Test
  void givesABatchUpThatTheExporterThrowsOverThreeTimes() {
    var exporter = new ScriptedExporter();
    for (int i = 0; i < 3; i++) {
      exporter.script.add(() -> {
        throw new IllegalStateException("cannot write this");
      });
    }
    var direct = direct(SOON, states, exporter);

    emit(direct.receiver("r", "1"), 1, 20);

    assertThat(exporter.attempts).hasSize(4);
    assertAccount(direct, 20, 10, Map.of("export_failed", 10L));
  }

  @Test
  void sendsAgainOnlyToTheExporterThatDidNotAnswer() {
    var well = new ScriptedExporter();
    var troubled = ScriptedExporter.answering(Failures.connectionRefused());
    var direct = direct(SOON, states, well, troubled);

    emit(direct.receiver("r", "1"), 1, 20);

    assertThat(well.attempts).containsExactly(pids(1, 10), pids(11, 20));
    assertThat(troubled.attempts).containsExactly(pids(1, 10), pids(1, 10), pids(11, 20));
    assertAccount(direct, 20, 20, Map.of());
  }

  @Test
  void aListenerThatThrowsStopsNothing() {
    var exporter = ScriptedExporter.answering(Failures.connectionRefused());
    var direct =
        builder(states, exporter)
            .onExportState(state -> {
              throw new IllegalStateException(state.message());
            })
            .build();

    emit(direct.receiver("r", "1"), 1, 20);

    assertAccount(direct, 20, 20, Map.of());
  }
}
