package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A connection one of whose changes of state the kernel left out.
class TcpConnectionStaleIT {
  private static final CProgram STALE = new CProgram("stale", "-lbpf");

  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");

  @Test
  void countsNoByteTooManyAndNoErrorThatWasNone() throws Exception {
    var telemetry = observe();

    assertThat(telemetry.events(Events.NETWORK_TCP_CONNECTION_CLOSED))
        .extracting(
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE),
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_TRANSMIT_SIZE),
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_RECEIVE_SIZE),
            e -> e.get(Keys.ERROR_TYPE))
        .containsExactlyInAnyOrder(tuple("client", 20L, 0L, null), tuple("server", 0L, 20L, null));
    assertThat(sent(telemetry)).isEqualTo(20);
  }

  @Test
  void tellsInWhichStateAConnectionIsThatIsReset() throws Exception {
    var telemetry = observe("reset");

    assertThat(telemetry.events(Events.NETWORK_TCP_RESET))
        .extracting(
            e -> e.get(Keys.NETWORK_IO_DIRECTION), e -> e.get(Keys.NETWORK_CONNECTION_STATE))
        .containsExactlyInAnyOrder(tuple("receive", "fin_wait_2"), tuple("transmit", "close_wait"));
  }

  /// Metrics are read while it is open, too, and never fall: a byte too many then would stay.
  private RecordingTelemetry observe(String... how) throws Exception {
    try (var observation = Connections.start(TcpConnectionOptionsBuilder.everything().in(cgroup))) {
      var command = new ArrayList<>(List.of(STALE.path()));
      command.add(Long.toString(ProcessHandle.current().pid()));
      command.addAll(List.of(how));
      var process =
          new ProcessBuilder(cgroup.enter(command))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      assertThat(process.inputReader().readLine()).isEqualTo("left out");
      assertThat(sent(observation.telemetry())).isEqualTo(20);
      process.getOutputStream().close();
      assertThat(process.waitFor()).isZero();
      return observation.end();
    }
  }

  private static long sent(RecordingTelemetry telemetry) {
    return telemetry
        .counter(Metrics.NETWORK_TCP_IO)
        .get(Attributes.of(Keys.NETWORK_IO_DIRECTION, "transmit"));
  }
}
