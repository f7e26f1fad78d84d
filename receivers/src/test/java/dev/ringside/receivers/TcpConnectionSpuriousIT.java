package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Segments that were sent again though they had arrived: a queue suddenly lets them wait so long
/// that they seem to be lost.
class TcpConnectionSpuriousIT {
  private static final CProgram LATE = new CProgram("late", "-static");

  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");

  @Test
  void countsThemOnceThoughTheirConnectionIsReadTwiceAndEnds() throws Exception {
    try (var observation = Connections.start(TcpConnectionOptionsBuilder.everything().in(cgroup));
        var late = Late.start(cgroup)) {
      assertThat(late.cameTwice()).isPositive();
      assertSpurious(observation.telemetry(), late.cameTwice());
      assertSpurious(observation.telemetry(), late.cameTwice());

      late.end();

      assertSpurious(observation.end(), late.cameTwice());
    }
  }

  @Test
  void countsThemWhenTheirConnectionEnds() throws Exception {
    try (var observation = Connections.start(TcpConnectionOptionsBuilder.everything().in(cgroup));
        var late = Late.start(cgroup)) {
      late.end();

      var telemetry = observation.end();

      assertSpurious(telemetry, late.cameTwice());
      var retransmits = telemetry.counter(Metrics.NETWORK_TCP_RETRANSMITS).values();
      assertThat(retransmits.stream().mapToLong(n -> n).sum())
          .isGreaterThanOrEqualTo(late.cameTwice());
    }
  }

  @Test
  void doesNotCountThoseFromBefore() throws Exception {
    try (var late = Late.start(cgroup);
        var observation = Connections.start(TcpConnectionOptionsBuilder.everything().in(cgroup))) {
      late.end();

      var telemetry = observation.end();

      assertThat(telemetry.counter(Metrics.NETWORK_TCP_SPURIOUS_RETRANSMITS)).isEmpty();
      assertThat(telemetry.events(Events.NETWORK_TCP_CONNECTION_CLOSED)).hasSize(2);
    }
  }

  /// `src/test/c/late.c`, whose connection is open until [#end].
  private record Late(Process process, long cameTwice) implements AutoCloseable {

    static Late start(OwnCgroup cgroup) throws Exception {
      var process =
          new ProcessBuilder(cgroup.enter(List.of(LATE.path())))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      var said = process.inputReader();
      boolean delays = "tbf 0".equals(said.readLine());
      if (!delays) process.waitFor();
      assumeTrue(delays, "this kernel has no queue that delays (tc tbf)");
      return new Late(process, Long.parseLong(said.readLine()));
    }

    void end() throws Exception {
      process.getOutputStream().close();
      assertThat(process.waitFor()).isZero();
    }

    @Override
    public void close() throws IOException {
      process.getOutputStream().close();
      process.onExit().join();
    }
  }

  private static void assertSpurious(RecordingTelemetry telemetry, long segments) {
    assertThat(telemetry.counter(Metrics.NETWORK_TCP_SPURIOUS_RETRANSMITS))
        .containsExactly(Map.entry(Attributes.of(Keys.NETWORK_TYPE, "ipv4"), segments));
  }
}
