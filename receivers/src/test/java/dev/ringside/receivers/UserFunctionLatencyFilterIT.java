package dev.ringside.receivers;

import static dev.ringside.receivers.UserFunctionLatencyReceiverIT.histograms;
import static dev.ringside.receivers.UserFunctionLatencyReceiverIT.in;
import static dev.ringside.receivers.UserFunctionLatencyReceiverIT.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.semconv.Keys;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Of all calls of a function, those that are asked for.
class UserFunctionLatencyFilterIT {
  private static final CProgram PROGRAM = UserFunctionLatencyReceiverIT.PROGRAM;

  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");

  @Test
  void reportsCallsThatTookLong() throws Exception {
    List<RecordingTelemetry.Event> events;
    try (var observation = start(watchingNap().in(cgroup).eventsFrom(Duration.ofMillis(5)))) {
      PROGRAM.run(cgroup, "nap 10 100 nap 2 6000");
      events = observation.end().events;
    }

    assertThat(events).hasSizeBetween(2, 12);
    var slow = events.getLast();
    assertThat(slow.get(Keys.CODE_FUNCTION_NAME)).isEqualTo("nap");
    assertThat(slow.get(Keys.RINGSIDE_USER_FUNCTION_BINARY)).isEqualTo(PROGRAM.path());
    assertThat(slow.get(Keys.RINGSIDE_OPERATION_DURATION)).isBetween(0.006, 1.0);
    assertThat(slow.get(Keys.PROCESS_EXECUTABLE_NAME)).isEqualTo("functions");
    assertThat(slow.get(Keys.THREAD_NAME)).isEqualTo("functions");
    assertThat(slow.get(Keys.THREAD_ID)).isEqualTo(slow.get(Keys.PROCESS_PID));
  }

  @Test
  void seesNothingOfAnotherCgroup() throws Exception {
    try (var other = OwnCgroup.create("other");
        var observation = start(watchingNap().in(cgroup))) {
      PROGRAM.run(other, "nap 2 1000");

      assertThat(histograms(observation.end())).isEmpty();
    }
  }

  @Test
  void seesOneProcessOnly() throws Exception {
    var waiting = new ProcessBuilder(PROGRAM.command("wait 0 nap 2 1000 threads 2 100")).start();
    var options = watchingNap().ofProcess(waiting.pid());
    try (var observation = start(options)) {
      PROGRAM.run(cgroup, "nap 1 1000");
      waiting.getOutputStream().close();
      waiting.waitFor();

      assertThat(histograms(observation.end()).get("nap").count()).isEqualTo(22);
    }
  }

  @Test
  void seesOneUserAndOneCommandOnly() throws Exception {
    var options = watchingNap().in(cgroup).ofUser(65534).ofCommand("functions");
    try (var observation = start(options)) {
      PROGRAM.run(cgroup, "nap 4 1000 setuid 65534 nap 3 1000");

      assertThat(histograms(observation.end()).get("nap").count()).isEqualTo(3);
    }
  }

  private static UserFunctionLatencyOptionsBuilder watchingNap() throws Exception {
    return UserFunctionLatencyOptionsBuilder.watching(in("nap"));
  }
}
