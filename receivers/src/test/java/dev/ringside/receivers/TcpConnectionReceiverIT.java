package dev.ringside.receivers;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.receivers.RecordingTelemetry.Event;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Connections of a program in a cgroup and a network namespace of its own, by its own account.
class TcpConnectionReceiverIT {
  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");

  @Test
  void tellsWhoConnectedAndWhoAcceptedAndEveryByte() throws Exception {
    var connections =
        Connections.observe(
            TcpConnectionOptionsBuilder.everything().withStates(),
            cgroup,
            "own-namespace exchange 127.0.0.1 127.0.0.1 plain 300000 7"
                + " exchange ::1 :: sendfile 1000001 65537"
                + " exchange ::ffff:127.0.0.1 :: splice 200000 1"
                + " exchange 127.0.0.2 0.0.0.0 plain 0 0");

    assertThat(connections.events(Events.NETWORK_TCP_CONNECTION_CLOSED)).hasSize(8);
    assertExchange(connections, connections.said().get(1), 300_000, 7, "ipv4", "127.0.0.1");
    assertExchange(connections, connections.said().get(2), 1_000_001, 65_537, "ipv6", "::1");
    assertExchange(connections, connections.said().get(3), 200_000, 1, "ipv4", "127.0.0.1");
    assertExchange(connections, connections.said().get(4), 0, 0, "ipv4", "127.0.0.2");
    assertStates(connections, connections.said().get(1));
    assertStates(connections, connections.said().get(2));
  }

  /// As `tcpstates` shows them.
  private static void assertStates(Connections connections, String line) {
    var numbers = Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
    var changes =
        connections.events(Events.NETWORK_TCP_STATE_CHANGED).stream()
            .filter(e -> e.get(Keys.SERVER_PORT) == numbers[3])
            .collect(groupingBy(e -> e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE)));
    assertThat(changes.get("client"))
        .extracting(TcpConnectionReceiverIT::change)
        .containsExactly(
            tuple("closed", "syn_sent", false, numbers[0]),
            tuple("syn_sent", "established", true, numbers[0]),
            tuple("established", "fin_wait_1", true, numbers[0]),
            tuple("fin_wait_1", "fin_wait_2", true, numbers[0]),
            tuple("fin_wait_2", "closed", true, numbers[0]));
    // The first and the last, and the connection's first, are of who listens.
    assertThat(changes.get("server"))
        .filteredOn(e -> !"established".equals(e.get(Keys.RINGSIDE_NETWORK_TCP_STATE_PREVIOUS)))
        .extracting(TcpConnectionReceiverIT::change)
        .containsExactlyInAnyOrder(
            tuple("closed", "listen", false, numbers[0]),
            tuple("listen", "syn_received", false, numbers[0]),
            tuple("syn_received", "established", true, numbers[0]),
            tuple("close_wait", "last_ack", true, numbers[2]),
            tuple("last_ack", "closed", true, numbers[2]),
            tuple("listen", "closed", true, numbers[0]));
    var ofClient = changes.get("client");
    for (int i = 1; i < ofClient.size(); i++) {
      long lasted = ofClient.get(i).time() - ofClient.get(i - 1).time();
      assertThat(ofClient.get(i).get(Keys.RINGSIDE_NETWORK_TCP_STATE_DURATION))
          .isEqualTo(lasted / 1e9);
    }
  }

  private static Tuple change(Event e) {
    return tuple(
        e.get(Keys.RINGSIDE_NETWORK_TCP_STATE_PREVIOUS),
        e.get(Keys.NETWORK_CONNECTION_STATE),
        e.get(Keys.RINGSIDE_NETWORK_TCP_STATE_DURATION) != null,
        e.get(Keys.PROCESS_PID));
  }

  /// @param line who connected, from which port, who accepted, at which port
  private void assertExchange(
      Connections connections, String line, long there, long back, String type, String server) {
    var numbers = Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
    var closed =
        connections.events(Events.NETWORK_TCP_CONNECTION_CLOSED).stream()
            .filter(e -> e.get(Keys.SERVER_PORT) == numbers[3])
            .toList();
    assertThat(closed)
        .extracting(
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE),
            e -> e.get(Keys.PROCESS_PID),
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_OWNER),
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_TRANSMIT_SIZE),
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_RECEIVE_SIZE))
        .containsExactlyInAnyOrder(
            tuple("client", numbers[0], "opener", there, back),
            tuple("server", numbers[2], "opener", back, there));
    assertThat(closed)
        .allSatisfy(e -> {
          assertThat(e.get(Keys.NETWORK_TYPE)).isEqualTo(type);
          assertThat(e.get(Keys.CLIENT_PORT)).isEqualTo(numbers[1]);
          assertThat(e.get(Keys.SERVER_ADDRESS)).isEqualTo(server);
          assertThat(e.get(Keys.PROCESS_EXECUTABLE_NAME)).isEqualTo("connections");
          assertThat(e.get(Keys.RINGSIDE_NETWORK_NAMESPACE_INODE))
              .isEqualTo(Long.parseLong(connections.said().getFirst()));
          assertThat(e.get(Keys.ERROR_TYPE)).isNull();
          assertThat(e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_DURATION)).isBetween(1e-6, 10.0);
          assertThat(e.get(Keys.RINGSIDE_NETWORK_TCP_CONNECTION_DURATION)).isBetween(1e-6, 60.0);
        });
  }

  @Test
  void measuresEveryHandshakeConnectionAndByteInTheKernel() throws Exception {
    var connections = Connections.observe(cgroup, "own-namespace many 127.0.0.1 200 many ::1 100");

    for (var metric :
        List.of(
            Metrics.NETWORK_TCP_HANDSHAKE_DURATION,
            Metrics.NETWORK_TCP_CONNECTION_DURATION,
            Metrics.NETWORK_TCP_RTT_DURATION)) {
      for (var role : List.of("client", "server")) {
        assertThat(connections.count(metric, role, "ipv4", null)).as(metric.name()).isEqualTo(200);
        assertThat(connections.count(metric, role, "ipv6", null)).as(metric.name()).isEqualTo(100);
      }
    }
    assertThat(connections.telemetry().counter(Metrics.NETWORK_TCP_IO))
        .containsOnly(
            Map.entry(Attributes.of(Keys.NETWORK_IO_DIRECTION, "transmit"), 1500L),
            Map.entry(Attributes.of(Keys.NETWORK_IO_DIRECTION, "receive"), 1500L));
    assertThat(connections.telemetry().counter(Metrics.SYSTEM_NETWORK_CONNECTION_COUNT).values())
        .allMatch(count -> count == 0);
  }

  @Test
  void seesAcceptsByTrampolineWhereThatIsAllowed() {
    try (var observation = Connections.start(TcpConnectionOptionsBuilder.everything().in(cgroup))) {
      var accepts =
          observation.plan().steps().stream()
              .filter(s -> s.need().name().startsWith("who accepts"))
              .findFirst()
              .orElseThrow();

      assertThat(accepts.holds()).isPresent();
      assumeTrue(
          accepts.holds().get().mechanism().equals("fexit"),
          "this kernel lets nobody watch functions by fentry/fexit: " + accepts.refusals());
    }
  }

  @Test
  void givesAConnectionThatNobodyAcceptsToWhoListens() throws Exception {
    var connections = Connections.observe(cgroup, "own-namespace ignored 127.0.0.1");

    assertThat(connections.events(Events.NETWORK_TCP_CONNECTION_CLOSED))
        .extracting(
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE),
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_OWNER),
            e -> e.get(Keys.PROCESS_EXECUTABLE_NAME))
        .contains(tuple("server", "listener", "connections"));
  }

  @Test
  void knowsConnectionsThatWereOpenBeforeAndCountsTheirBytesFromThenOn() throws Exception {
    var command = cgroup.enter(Connections.PROGRAM.command("own-namespace held 127.0.0.1 1000 50"));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var out = process.inputReader()) {
      out.readLine();
      long port = Long.parseLong(out.readLine().split(" ")[1]);
      try (var observation =
          Connections.start(TcpConnectionOptionsBuilder.everything().in(cgroup))) {
        process.getOutputStream().close();
        assertThat(process.waitFor()).isZero();

        var telemetry = observation.end();

        assertThat(telemetry.events(Events.NETWORK_TCP_CONNECTION_CLOSED))
            .extracting(
                e -> e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE),
                e -> e.get(Keys.SERVER_PORT),
                e -> e.get(Keys.RINGSIDE_NETWORK_TCP_OWNER),
                e -> e.get(Keys.RINGSIDE_NETWORK_TCP_TRANSMIT_SIZE),
                e -> e.get(Keys.RINGSIDE_NETWORK_TCP_CONNECTION_DURATION))
            .containsExactlyInAnyOrder(
                tuple("client", port, "holder", 2000L, null),
                tuple("server", port, "holder", 100L, null));
        assertThat(telemetry.counter(Metrics.NETWORK_TCP_IO))
            .containsEntry(Attributes.of(Keys.NETWORK_IO_DIRECTION, "transmit"), 1050L)
            .containsEntry(Attributes.of(Keys.NETWORK_IO_DIRECTION, "receive"), 1050L);
      }
    }
  }
}
