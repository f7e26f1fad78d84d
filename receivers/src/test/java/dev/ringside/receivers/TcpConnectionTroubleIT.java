package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.bpf.KernelEnums;
import dev.ringside.receivers.RecordingTelemetry.Event;
import dev.ringside.semconv.EventType;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Connections that fail, are cut, or take more than one attempt.
class TcpConnectionTroubleIT {
  private static final boolean HAS_REASONS =
      !KernelEnums.ofThisKernel("sk_rst_reason").valuesOf("sk_rst_reason").isEmpty();

  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");

  /// The last two came to no SYN: there is no way to the one, and no port left for the other.
  @Test
  void tellsWhyAConnectFailedAndWhereItLed() throws Exception {
    var connections =
        Connections.observe(
            cgroup,
            "own-namespace refused 127.0.0.1 refused-later 127.0.0.2 refused ::1"
                + " connect 192.0.2.1 80 exhausted 127.0.0.1");

    assertThat(connections.said().subList(1, 6)).containsExactly("111", "111", "111", "101", "99");
    assertThat(connections.events(Events.NETWORK_TCP_CONNECT_FAILED))
        .extracting(
            e -> e.get(Keys.CLIENT_ADDRESS),
            e -> e.get(Keys.SERVER_ADDRESS),
            e -> e.get(Keys.ERROR_TYPE),
            e -> e.get(Keys.RINGSIDE_ERRNO_NAME),
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_OWNER))
        .containsExactly(
            tuple("127.0.0.1", "127.0.0.1", "connection_refused", "ECONNREFUSED", "opener"),
            tuple("127.0.0.1", "127.0.0.2", "connection_refused", "ECONNREFUSED", "opener"),
            tuple("::1", "::1", "connection_refused", "ECONNREFUSED", "opener"),
            tuple(null, "192.0.2.1", "network_unreachable", "ENETUNREACH", "opener"),
            tuple(null, "127.0.0.1", "address_not_available", "EADDRNOTAVAIL", "opener"));
    var handshakes = Metrics.NETWORK_TCP_HANDSHAKE_DURATION;
    assertThat(connections.count(handshakes, "client", "ipv4", "connection_refused")).isEqualTo(2);
    assertThat(connections.count(handshakes, "client", "ipv6", "connection_refused")).isEqualTo(1);
    assertThat(connections.count(handshakes, "client", "ipv4", "network_unreachable")).isEqualTo(1);
  }

  @Test
  void tellsWhoResetAConnectionInTheMiddle() throws Exception {
    var connections = Connections.observe(cgroup, "own-namespace cut 127.0.0.1");

    assertThat(connections.events(Events.NETWORK_TCP_RESET))
        .extracting(
            e -> e.get(Keys.NETWORK_IO_DIRECTION),
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE),
            e -> e.get(Keys.NETWORK_CONNECTION_STATE),
            e -> e.get(Keys.PROCESS_EXECUTABLE_NAME))
        .containsExactlyInAnyOrder(
            tuple("transmit", "server", "established", "connections"),
            tuple("receive", "client", "established", "connections"));
    assertThat(connections.events(Events.NETWORK_TCP_CONNECTION_CLOSED))
        .extracting(
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE),
            e -> e.get(Keys.ERROR_TYPE),
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_TRANSMIT_SIZE),
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_RECEIVE_SIZE))
        .containsExactlyInAnyOrder(
            tuple("client", "connection_reset", 3L, 0L),
            tuple("server", "connection_aborted", 0L, 3L));
    assertThat(connections.telemetry().counter(Metrics.NETWORK_TCP_RESETS).values())
        .containsExactly(1L, 1L);
  }

  /// Each at an address of its own. What answers a SYN to a port that nobody has is nobody's reset;
  /// data that comes for a closed connection comes while another process runs, and the kernel says
  /// that a reset came, too.
  @Test
  void tellsWhyAResetWasSentWhereTheKernelSaysSo() throws Exception {
    var connections =
        Connections.observe(
            cgroup,
            "own-namespace pid reset-by unread 127.0.0.2 reset-by linger 127.0.0.3"
                + " reset-by linger2 127.0.0.4 reset-by data 127.0.0.5 refused 127.0.0.6");

    long pid = Long.parseLong(connections.said().get(1));
    assertThat(connections.events(Events.NETWORK_TCP_RESET))
        .filteredOn(e -> e.get(Keys.NETWORK_IO_DIRECTION).equals("transmit"))
        .extracting(
            e -> e.get(Keys.SERVER_ADDRESS),
            e -> e.get(Keys.NETWORK_LOCAL_ADDRESS),
            e -> e.get(Keys.PROCESS_PID),
            e -> e.get(Keys.NETWORK_CONNECTION_STATE),
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_RESET_REASON))
        .containsExactly(
            tuple("127.0.0.2", null, pid, "established", reason("tcp_abort_on_close")),
            tuple("127.0.0.3", null, pid, "established", reason("tcp_state")),
            tuple(null, "127.0.0.4", pid, "closed", reason("tcp_abort_on_linger")),
            tuple("127.0.0.5", null, pid, "fin_wait_2", reason("tcp_abort_on_data")));
    var resets = connections.telemetry().counter(Metrics.NETWORK_TCP_RESETS);
    assertThat(resets)
        .containsEntry(reset("receive", null), 6L)
        .containsEntry(reset("transmit", reason("tcp_state")), HAS_REASONS ? 1L : 4L)
        .hasSize(HAS_REASONS ? 5 : 2);
  }

  private static String reason(String name) {
    return HAS_REASONS ? name : null;
  }

  private static Attributes reset(String direction, String reason) {
    return Attributes.builder()
        .put(Keys.NETWORK_IO_DIRECTION, direction)
        .put(Keys.NETWORK_TYPE, "ipv4")
        .put(Keys.RINGSIDE_NETWORK_TCP_RESET_REASON, reason)
        .build();
  }

  /// How often a SYN is sent again is the kernel's business: once, or by smaller steps (since 6.5).
  @Test
  void countsEachSynThatIsSentAgainUntilTheConnectTimesOut() throws Exception {
    var connections = Connections.observe(cgroup, "own-namespace crowded 127.0.0.1");

    var failed = only(connections, Events.NETWORK_TCP_CONNECT_FAILED);
    assertThat(failed.get(Keys.ERROR_TYPE)).isEqualTo("timed_out");
    assertThat(failed.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_DURATION)).isBetween(1.9, 30.0);
    long again = failed.get(Keys.RINGSIDE_NETWORK_TCP_RETRANSMIT_COUNT);
    assertThat(again).isPositive();
    assertThat(connections.events(Events.NETWORK_TCP_RETRANSMIT))
        .hasSize((int) again)
        .allSatisfy(e -> {
          assertThat(e.get(Keys.RINGSIDE_NETWORK_TCP_RETRANSMIT_TYPE)).isEqualTo("timeout");
          assertThat(e.get(Keys.NETWORK_CONNECTION_STATE)).isEqualTo("syn_sent");
        });
    assertThat(connections.telemetry().counter(Metrics.NETWORK_TCP_RETRANSMITS).values())
        .containsExactly(again);
  }

  /// From 6.17 on the kernel tells of attempts, too.
  @Test
  void countsNoAttemptToSendAgainThatFailed() throws Exception {
    var connections =
        Connections.observe(cgroup, "own-namespace queued 127.0.0.1 settled retransmitted");

    var said = connections.said();
    assumeTrue(said.get(1).equals("netem 0"), "this kernel has no tc netem");
    assertThat(Long.parseLong(said.get(2))).as("failed").isPositive();
    assertThat(connections.events(Events.NETWORK_TCP_RETRANSMIT))
        .hasSize(Integer.parseInt(said.get(3)));
  }

  private static Event only(Connections connections, EventType type) {
    assertThat(connections.events(type)).as(type.name()).hasSize(1);
    return connections.events(type).getFirst();
  }

  @Test
  void measuresAServersHandshakeFromItsFirstAnswerThoughItWasRepeated() throws Exception {
    var connections = Connections.observe(cgroup, "own-namespace deferred 127.0.0.1");

    var server =
        connections.events(Events.NETWORK_TCP_CONNECTION_CLOSED).stream()
            .filter(e -> e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE).equals("server"))
            .toList();
    assertThat(server)
        .singleElement()
        .satisfies(e ->
            assertThat(e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_DURATION)).isBetween(0.9, 20.0));
    assertThat(connections.events(Events.NETWORK_TCP_RETRANSMIT))
        .isNotEmpty()
        .allSatisfy(
            e -> assertThat(e.get(Keys.NETWORK_CONNECTION_STATE)).isEqualTo("syn_received"));
  }
}
