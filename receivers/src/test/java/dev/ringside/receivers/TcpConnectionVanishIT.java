package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.receivers.RecordingTelemetry.Event;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A connection between two network namespaces, the link between which goes down in the middle.
class TcpConnectionVanishIT {
  private static final CProgram VANISHING = new CProgram("vanishing", "-static");
  private static final String ETIMEDOUT = "110";

  private OwnCgroup cgroup;

  @BeforeEach
  void begin() throws IOException {
    cgroup = OwnCgroup.create("workload");
  }

  @AfterEach
  void end() throws IOException {
    cgroup.close();
  }

  @Test
  void tellsThatAConnectionTimedOutWhosePeerHasVanished() throws Exception {
    List<String> said;
    RecordingTelemetry telemetry;
    try (var observation = Connections.start(TcpConnectionOptionsBuilder.everything().in(cgroup))) {
      said = VANISHING.run(cgroup, "");
      telemetry = observation.end();
    }

    assumeTrue(!said.getFirst().equals("veth 1"), "this kernel has no veth");
    assertThat(said).startsWith("veth 0", ETIMEDOUT).endsWith("0");
    double tookSeconds = Long.parseLong(said.get(2)) / 1e3;
    var closed = telemetry.events(Events.NETWORK_TCP_CONNECTION_CLOSED);
    assertThat(closed)
        .extracting(
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE),
            e -> e.get(Keys.ERROR_TYPE),
            e -> e.get(Keys.RINGSIDE_ERRNO_NAME),
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_TRANSMIT_SIZE),
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_RECEIVE_SIZE))
        .containsExactlyInAnyOrder(
            tuple("client", "timed_out", "ETIMEDOUT", 12L, 0L),
            tuple("server", "connection_aborted", "ECONNABORTED", 0L, 5L));
    var client = ofClient(closed);
    assertThat(client.get(Keys.RINGSIDE_NETWORK_TCP_CONNECTION_DURATION))
        .isGreaterThan(tookSeconds - 0.1);
    // Nothing leaves where the link is down, however often it is tried.
    assertThat(telemetry.events(Events.NETWORK_TCP_RETRANSMIT))
        .hasSize(Math.toIntExact(client.get(Keys.RINGSIDE_NETWORK_TCP_RETRANSMIT_COUNT)));
    assertThat(telemetry.counter(Metrics.SYSTEM_NETWORK_CONNECTION_COUNT).values())
        .allMatch(count -> count == 0);
  }

  private static Event ofClient(List<Event> closed) {
    return closed.stream()
        .filter(e -> e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE).equals("client"))
        .findFirst()
        .orElseThrow();
  }
}
