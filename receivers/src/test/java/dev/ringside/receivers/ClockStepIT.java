package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Somebody sets the clock of a machine that is watched: only in a guest of the laboratory, since
/// on any other machine others live by that clock.
class ClockStepIT {
  private static final Duration STEP = Duration.ofHours(1);

  @Test
  void whatHappensBeforeAndAfterHasTheTimeOfThen() throws Exception {
    assumeTrue(System.getenv("RINGSIDE_LAB_KERNEL") != null, "not a guest of the laboratory");
    try (var cgroup = OwnCgroup.create("clock");
        var observation = Observation.start(new ProcessExecType(), in(cgroup))) {
      var began = Instant.now();
      Calls.run(cgroup, "exit 0");
      var set = Instant.now();
      observation.awaitEvents(2);

      setClock(set.plus(STEP));
      Calls.run(cgroup, "exit 0");
      var ended = Instant.now();
      var telemetry = observation.end();

      var events = telemetry.events(Events.PROCESS_EXIT);
      assertThat(events).hasSize(2);
      assertThat(Instant.parse(events.getFirst().get(Keys.PROCESS_EXIT_TIME)))
          .isBetween(began, set);
      assertThat(Instant.parse(events.getLast().get(Keys.PROCESS_EXIT_TIME)))
          .isBetween(set.plus(STEP), ended);
      // How long it lived has nothing to do with the wall clock.
      assertThat(events.getLast().get(Keys.RINGSIDE_PROCESS_LIFETIME_DURATION)).isLessThan(60);
    }
  }

  private static ProcessExecOptions in(OwnCgroup cgroup) {
    return new ProcessExecOptions(0, -1, cgroup.path(), "", true, true, false, List.of(), 1 << 20);
  }

  private static void setClock(Instant time) throws Exception {
    var date = new ProcessBuilder("date", "--set=@" + time.getEpochSecond() + "." + time.getNano());
    assertThat(date.inheritIO().start().waitFor()).isZero();
  }
}
