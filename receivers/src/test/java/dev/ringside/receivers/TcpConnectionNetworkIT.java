package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Connections over a network that delays and loses (tc netem).
class TcpConnectionNetworkIT {
  /// About a hundred segments, of which a tenth is lost. Of few ones, all would arrive now and
  /// then; and of each that is lost many times, the wait doubles.
  private static final long BYTES = 6_000_000;

  private static final String LOSS = "loss 10%";

  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");

  @Test
  void measuresTheDelayThatWasSet() throws Exception {
    var connections =
        Connections.observe(
            cgroup, "own-namespace netem", "delay 30ms", "many 127.0.0.1 3 retransmitted");

    assumeTrue(connections.said().get(1).equals("netem 0"), "this kernel has no tc netem");
    for (var metric :
        List.of(Metrics.NETWORK_TCP_HANDSHAKE_DURATION, Metrics.NETWORK_TCP_RTT_DURATION)) {
      assertThat(connections.telemetry().histogram(metric))
          .isNotEmpty()
          .allSatisfy(p -> assertThat(p.getValue().minNs()).isBetween(59_000_000L, 900_000_000L));
    }
    assertThat(retransmits(connections)).isEqualTo(Long.parseLong(connections.said().get(2)));
  }

  /// The kernel counts segments, of which one that is sent again may have several.
  @Test
  void countsWhatIsSentAgainWhereSegmentsAreLost() throws Exception {
    var connections =
        Connections.observe(
            cgroup,
            "own-namespace netem",
            LOSS,
            "exchange 127.0.0.1 127.0.0.1 plain " + BYTES + " 0 settled retransmitted");

    assumeTrue(connections.said().get(1).equals("netem 0"), "this kernel has no tc netem");
    long segments = Long.parseLong(connections.said().get(3));
    assertThat(segments).isPositive();
    assertThat(retransmits(connections)).isBetween(1L, segments);
    assertThat(connections.events(Events.NETWORK_TCP_RETRANSMIT))
        .hasSize((int) retransmits(connections));
    assertThat(connections.events(Events.NETWORK_TCP_CONNECTION_CLOSED))
        .extracting(e -> e.get(Keys.RINGSIDE_NETWORK_TCP_TRANSMIT_SIZE))
        .containsExactlyInAnyOrder(BYTES, 0L);
  }

  /// Sent again as acknowledgements come in or a timer ends, while anybody runs.
  @Test
  void countsWhatIsSentAgainByServerAndOwnerOfTheConnection() throws Exception {
    var connections =
        Connections.observe(
            TcpConnectionOptionsBuilder.everything().withAllAttributes(),
            cgroup,
            "own-namespace port 8080 netem",
            LOSS,
            "exchange 127.0.0.2 127.0.0.2 plain " + BYTES + " 0 settled");

    assumeTrue(connections.said().get(1).equals("netem 0"), "this kernel has no tc netem");
    assertThat(retransmits(connections))
        .isPositive()
        .isEqualTo(connections.events(Events.NETWORK_TCP_RETRANSMIT).size());
    assertThat(connections.telemetry().counter(Metrics.NETWORK_TCP_RETRANSMITS).keySet())
        .allSatisfy(point -> {
          assertThat(point.get(Keys.SERVER_ADDRESS)).isEqualTo("127.0.0.2");
          assertThat(point.get(Keys.SERVER_PORT)).isEqualTo(8080);
          assertThat(point.get(Keys.PROCESS_EXECUTABLE_NAME)).isEqualTo("connections");
        });
  }

  private static long retransmits(Connections connections) {
    return connections.telemetry().counter(Metrics.NETWORK_TCP_RETRANSMITS).values().stream()
        .mapToLong(n -> n)
        .sum();
  }
}
