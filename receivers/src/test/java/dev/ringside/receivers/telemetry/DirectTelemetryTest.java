package dev.ringside.receivers.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DirectTelemetryTest {
  private final ScriptedExporter exporter = new ScriptedExporter();

  @Test
  void sends513EventsInTwoBatches() {
    var direct = direct(Duration.ofHours(1));
    var telemetry = direct.receiver("process_exec", "1");

    emit(telemetry, 1, 513);
    var beforeTheEnd = List.copyOf(exporter.attempts);
    direct.close();

    assertThat(beforeTheEnd).containsExactly(pids(1, 512));
    assertThat(exporter.attempts).containsExactly(pids(1, 512), pids(513, 513));
    assertThat(direct.statistics())
        .containsExactly(new ExportStatistics("process_exec", 513, 513, Map.of(), 0));
  }

  @Test
  void sendsABatchBeforeItGrowsTooLargeForAServer() {
    var direct = direct(Duration.ofHours(1));
    var telemetry = direct.receiver("process_exec", "1");

    for (int pid = 1; pid <= 130; pid++) {
      var event = telemetry.event(Events.PROCESS_EXEC).set(Keys.PROCESS_PID, pid);
      event.set(Keys.PROCESS_COMMAND_ARGS, java.util.List.of("echo", "x".repeat(16_000))).emit();
    }

    assertThat(exporter.attempts).containsExactly(pids(1, 64), pids(65, 128));
  }

  @Test
  void keepsABatchThatIsNeitherFullNorOld() {
    var direct = direct(Duration.ofHours(1));

    emit(direct.receiver("process_exec", "1"), 1, 3);
    direct.afterDrain();

    assertThat(exporter.attempts).isEmpty();
    assertThat(direct.statistics().getFirst().waiting()).isEqualTo(3);
  }

  @Test
  void sendsABatchThatIsOldEnough() {
    var direct = direct(Duration.ZERO);

    emit(direct.receiver("process_exec", "1"), 1, 3);
    direct.afterDrain();

    assertThat(exporter.attempts).containsExactly(pids(1, 3));
  }

  @Test
  void countsReceiversThatShareABatchApart() {
    var direct = direct(Duration.ZERO);
    var one = direct.receiver("file_open", "1");
    var other = direct.receiver("process_exec", "1");

    emit(one, 1, 2);
    emit(other, 3, 3);
    direct.afterDrain();

    assertThat(exporter.attempts).containsExactly(pids(1, 3));
    assertThat(direct.statistics())
        .extracting(ExportStatistics::receiver, ExportStatistics::exported)
        .containsExactly(tuple("file_open", 2L), tuple("process_exec", 1L));
  }

  @Test
  void forgetsAnEventThatAHandlerLeftHalfway() {
    var direct = direct(Duration.ZERO);
    var telemetry = direct.receiver("process_exec", "1");

    telemetry.event(Events.PROCESS_EXEC).set(Keys.PROCESS_PID, 1).set(Keys.ERROR_TYPE, "left over");
    var seen = telemetry.event(Events.PROCESS_EXEC).set(Keys.PROCESS_PID, 2);
    seen.emit();

    assertThat(((LogRecord) seen).getAttributes().asMap()).isEqualTo(Map.of(Keys.PROCESS_PID, 2L));
    assertThat(direct.statistics().getFirst().emitted()).isEqualTo(1);
  }

  @Test
  void refusesToEmitAnEventTwice() {
    var direct = direct(Duration.ZERO);
    var event = direct.receiver("process_exec", "1").event(Events.PROCESS_EXEC);
    event.emit();

    assertThatThrownBy(event::emit)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("begin one for each emit");
  }

  @Test
  void countsWhatAReceiverDeclaresLost() {
    var direct = direct(Duration.ZERO);

    direct.receiver("process_exec", "1").lost("decode_failed");

    assertThat(direct.statistics())
        .containsExactly(
            new ExportStatistics("process_exec", 1, 0, Map.of("decode_failed", 1L), 0));
  }

  @Test
  void losesAndCountsWhatComesAfterTheEnd() {
    var direct = direct(Duration.ZERO);
    var telemetry = direct.receiver("process_exec", "1");
    direct.close();

    emit(telemetry, 1, 600);

    assertThat(exporter.attempts).isEmpty();
    assertThat(direct.statistics().getFirst().lostByReason())
        .isEqualTo(Map.of("export_failed", 600L));
  }

  @Test
  void countsNothingWhereNobodyListens() {
    var direct = DirectTelemetry.builder().clock(new BootClock()).build();

    emit(direct.receiver("process_exec", "1"), 1, 600);

    assertThat(direct.statistics().getFirst())
        .isEqualTo(new ExportStatistics("process_exec", 0, 0, Map.of(), 0));
  }

  @Test
  void saysWhenTheKernelsMomentsWere() {
    var telemetry = direct(Duration.ZERO).receiver("process_exec", "1");

    var wallTime = telemetry.wallTime(1_500_000_001L);

    assertThat(wallTime).isEqualTo(Instant.parse("2023-11-14T22:13:21.500000001Z"));
  }

  private DirectTelemetry direct(Duration delay) {
    return DirectTelemetry.builder()
        .logs(List.of(exporter))
        .clock(new BootClock())
        .delay(delay)
        .build();
  }

  static void emit(Telemetry telemetry, long firstPid, long lastPid) {
    for (long pid = firstPid; pid <= lastPid; pid++) {
      telemetry.event(Events.PROCESS_EXEC).at(pid).set(Keys.PROCESS_PID, pid).emit();
    }
  }

  static List<Long> pids(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }
}
