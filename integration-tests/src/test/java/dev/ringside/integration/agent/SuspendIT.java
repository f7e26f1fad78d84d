package dev.ringside.integration.agent;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.ringside.integration.otlp.LogEvent;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A machine that sleeps for some seconds: what happened before and after has the time that the
/// system clock said then, and arrives. The monotonic clock stands still meanwhile.
class SuspendIT {
  private static final int SLEEP_SECONDS = 8;

  /// What an emulated processor is interrupted for while it reads two clocks.
  private static final long SLACK_NS = MILLISECONDS.toNanos(20);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"5.10", "7.2"})
  void hasTheTimesOfThenAndGoesOnReporting(String kernel) throws Exception {
    var machine = SuspendedMachine.of(kernel, directory, SLEEP_SECONDS);
    var suspend = machine.truth("suspend");
    var process = machine.truth("process");
    var child = machine.truth("child");
    var end = machine.truth("end");
    // The alarm goes off at a whole second, and falling asleep takes a while.
    assertThat(number(suspend, "suspendedNs")).isGreaterThan(SECONDS.toNanos(SLEEP_SECONDS - 3));

    var opens =
        machine.events("file.open").stream()
            .filter(e -> e.text("file.path").equals("/tmp/the-file"))
            .toList();
    assertThat(opens).hasSize(2);
    assertHappenedIn(opens.getFirst(), machine.truth("open before"));
    assertHappenedIn(opens.getLast(), machine.truth("open after"));

    var run =
        machine.events("process.exec").stream()
            .filter(e -> e.number("process.pid") == number(child, "pid"))
            .findFirst()
            .orElseThrow();
    assertHappenedIn(run, machine.truth("run"));
    assertCreated(run, child);
    assertThat(machine.events("process.exit"))
        .allSatisfy(
            exit -> assertThat(exit.timeNs()).isGreaterThan(number(suspend, "afterNs") - SLACK_NS));
    var exit =
        machine.events("process.exit").stream()
            .filter(e -> e.number("process.pid") == number(process, "pid"))
            .findFirst()
            .orElseThrow();
    assertCreated(exit, process);
    assertThat(exit.timeNs())
        .isBetween(number(end, "beforeNs") - SLACK_NS, number(end, "afterNs") + SECONDS.toNanos(2));
    // Whoever lives through it has lived that long, and who waits for it has waited.
    assertThat((double) exit.attributes().get("ringside.process.lifetime.duration"))
        .isGreaterThan(number(suspend, "suspendedNs") / 1e9);
    assertThat(machine.events("syscall.slow"))
        .singleElement()
        .satisfies(call ->
            assertThat((double) call.attributes().get("ringside.operation.duration"))
                .isBetween(
                    number(suspend, "suspendedNs") / 1e9,
                    (number(suspend, "afterNs") - number(suspend, "beforeNs") + SLACK_NS) / 1e9));

    long awaitedNs = SECONDS.toNanos(machine.awaited());
    // By their schedule, and not with the agent's end only.
    assertThat(
            machine.points().stream()
                .mapToLong(p -> p.timeNs())
                .filter(t -> t > number(end, "afterNs") && t < awaitedNs)
                .distinct()
                .count())
        .as(machine.said())
        .isPositive();
  }

  private static void assertHappenedIn(LogEvent event, JsonObject step) {
    assertThat(event.timeNs())
        .isBetween(number(step, "beforeNs") - SLACK_NS, number(step, "afterNs") + SLACK_NS);
  }

  private static void assertCreated(LogEvent event, JsonObject process) {
    assertThat(Instant.parse(event.text("process.creation.time")))
        .isEqualTo(Instant.EPOCH.plusNanos(number(process, "createdNs")));
  }

  private static long number(JsonObject step, String name) {
    return step.get(name).getAsLong();
  }
}
