package dev.ringside.receivers.telemetry;

import static dev.ringside.receivers.telemetry.DirectTelemetryTest.emit;
import static dev.ringside.receivers.telemetry.DirectTelemetryTest.pids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringside.semconv.Keys;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whatever an exporter does: `emitted = exported + lost`, and nothing goes out twice by our doing.
@Timeout(60)
class ExportFailureTest {
  private static final Duration NEVER = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofMillis(1);

  private final List<ExportState> states = new CopyOnWriteArrayList<>();

  @Test
  void triesAnUnansweredBatchAgain() {
    var exporter =
        ScriptedExporter.answering(Failures.connectionRefused(), Failures.http(503, "Busy"));
    var direct = direct(SOON, exporter);

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
    var direct = direct(SOON, exporter);

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
    var direct = direct(SOON, exporter);
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
    var direct = direct(SOON, exporter);

    emit(direct.receiver("r", "1"), 1, 20);

    assertThat(exporter.attempts).containsExactly(pids(1, 10), pids(11, 20));
    assertAccount(direct, 20, 10, Map.of("export_refused", 10L));
    assertThat(states.getFirst().message()).contains("HTTP 400 Bad Request", "lost 10 records");
  }

  @Test
  void waitsForAnExporterThatTakesItsTime() {
    var slow = new CompletableResultCode();
    var exporter = ScriptedExporter.answering(slow);
    var direct = direct(SOON, exporter);

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
    var direct = direct(SOON, Duration.ofMillis(20), keeping);

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
    var direct = direct(Duration.ofMillis(200), Duration.ofMillis(1), exporter);
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
    var direct = direct(SOON, exporter);

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
    var direct = direct(SOON, exporter);

    emit(direct.receiver("r", "1"), 1, 20);

    assertThat(exporter.attempts).hasSize(4);
    assertAccount(direct, 20, 10, Map.of("export_failed", 10L));
  }

  @Test
  void givesABatchUpOverWhichAServerIsExhaustedThreeTimes() {
    var exporter = new ScriptedExporter();
    for (int i = 0; i < 3; i++) {
      exporter.script.add(() -> Failures.grpc(GrpcStatusCode.RESOURCE_EXHAUSTED, "no room"));
    }
    var direct = direct(SOON, exporter);

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
    var direct = direct(SOON, exporter);

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
    var direct = direct(SOON, exporter);

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
    var direct = direct(SOON, exporter);

    emit(direct.receiver("r", "1"), 1, 11);
    direct.close();

    assertThat(exporter.attempts)
        .containsExactly(pids(1, 10), pids(1, 5), pids(6, 10), pids(6, 10), pids(11, 11));
    assertAccount(direct, 11, 11, Map.of());
  }

  @Test
  void sendsAgainOnlyToTheExporterThatDidNotAnswer() {
    var well = new ScriptedExporter();
    var troubled = ScriptedExporter.answering(Failures.connectionRefused());
    var direct = direct(SOON, well, troubled);

    emit(direct.receiver("r", "1"), 1, 20);

    assertThat(well.attempts).containsExactly(pids(1, 10), pids(11, 20));
    assertThat(troubled.attempts).containsExactly(pids(1, 10), pids(1, 10), pids(11, 20));
    assertAccount(direct, 20, 20, Map.of());
  }

  @Test
  void closingEndsTheWaitForAServerThatIsGone() {
    var exporter = new ScriptedExporter();
    for (int i = 0; i < 1000; i++) exporter.script.add(Failures::connectionRefused);
    var direct = direct(NEVER, exporter);
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
    var direct = builder(exporter).exportTimeout(NEVER).closeTimeout(Duration.ofMillis(50)).build();
    var polling = onThread(() -> emit(direct.receiver("r", "1"), 1, 10));
    await().until(() -> exporter.attempts.size() == 1);

    direct.close();
    polling.join();

    assertAccount(direct, 10, 0, Map.of("export_failed", 10L));
  }

  @Test
  void closingStillSendsWhatTheServerTakes() {
    var exporter = ScriptedExporter.answering(Failures.connectionRefused());
    var direct = direct(NEVER, exporter);
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
    var direct = direct(NEVER, exporter);
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

  @Test
  void aListenerThatThrowsStopsNothing() {
    var exporter = ScriptedExporter.answering(Failures.connectionRefused());
    var direct =
        builder(exporter)
            .onExportState(state -> {
              throw new IllegalStateException(state.message());
            })
            .build();

    emit(direct.receiver("r", "1"), 1, 20);

    assertAccount(direct, 20, 20, Map.of());
  }

  private DirectTelemetry direct(Duration pause, LogRecordExporter... exporters) {
    return direct(pause, Duration.ofSeconds(30), exporters);
  }

  private DirectTelemetry direct(
      Duration pause, Duration exportTimeout, LogRecordExporter... exporters) {
    return builder(exporters).retryPauses(pause, pause).exportTimeout(exportTimeout).build();
  }

  private DirectTelemetry.Builder builder(LogRecordExporter... exporters) {
    return DirectTelemetry.builder()
        .logs(List.of(exporters))
        .clock(new BootClock())
        .batchSize(10)
        .delay(Duration.ZERO)
        .retryPauses(SOON, SOON)
        .onExportState(states::add);
  }

  private static void assertAccount(
      DirectTelemetry direct, long emitted, long exported, Map<String, Long> lost) {
    assertThat(direct.statistics())
        .containsExactly(new ExportStatistics("r", emitted, exported, lost, 0));
  }

  private static CompletableFuture<Void> onThread(Runnable work) {
    return CompletableFuture.runAsync(work, runnable -> Thread.ofPlatform().start(runnable));
  }
}
