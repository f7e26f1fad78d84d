package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.receivers.RecordingTelemetry.Event;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Programs that use MPTCP: what is counted are its subflows, each a TCP connection.
class TcpConnectionMptcpIT {
  private static final CProgram SUBFLOWS = new CProgram("subflows", "-static");
  private static final String MPTCP = "262";
  private static final String TCP = "0";

  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");

  @BeforeEach
  void begin() {
    assumeTrue(Files.exists(Path.of("/proc/sys/net/mptcp/enabled")), "this kernel has no MPTCP");
  }

  @Test
  void countsAConnectionOfOnePathOnceAtEachEnd() throws Exception {
    assertExchange(MPTCP, MPTCP);
  }

  @Test
  void countsAClientThatFallsBackToTcpOnce() throws Exception {
    assertExchange(TCP, MPTCP);
  }

  @Test
  void countsAServerThatFallsBackToTcpOnce() throws Exception {
    assertExchange(MPTCP, TCP);
  }

  private void assertExchange(String listensBy, String connectsBy) throws Exception {
    var connections =
        Connections.observe(
            cgroup,
            "own-namespace listen-by "
                + listensBy
                + " connect-by "
                + connectsBy
                + " exchange ::ffff:127.0.0.1 :: plain 300000 7 settled");

    var numbers =
        Arrays.stream(connections.said().get(1).split(" ")).mapToLong(Long::parseLong).toArray();
    var closed = connections.events(Events.NETWORK_TCP_CONNECTION_CLOSED);
    boolean falls = listensBy.equals(TCP) || connectsBy.equals(TCP);
    long there = falls ? 300_000 : Long.parseLong(connections.said().get(2));
    assertThat(there).isGreaterThanOrEqualTo(300_000);
    assertThat(closed)
        .extracting(TcpConnectionMptcpIT::end)
        .containsExactlyInAnyOrder(
            tuple("client", numbers[0], "opener", numbers[3], null, there, 7L),
            tuple("server", numbers[2], "opener", numbers[3], null, 7L, there));
    assertNothingIsLeft(connections.telemetry(), there + 7);
  }

  private static Tuple end(Event e) {
    return tuple(
        e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE),
        e.get(Keys.PROCESS_PID),
        e.get(Keys.RINGSIDE_NETWORK_TCP_OWNER),
        e.get(Keys.SERVER_PORT),
        e.get(Keys.ERROR_TYPE),
        e.get(Keys.RINGSIDE_NETWORK_TCP_TRANSMIT_SIZE),
        e.get(Keys.RINGSIDE_NETWORK_TCP_RECEIVE_SIZE));
  }

  private static void assertNothingIsLeft(RecordingTelemetry telemetry, long bytes) {
    assertThat(telemetry.counter(Metrics.NETWORK_TCP_IO))
        .containsOnly(
            Map.entry(Attributes.of(Keys.NETWORK_IO_DIRECTION, "transmit"), bytes),
            Map.entry(Attributes.of(Keys.NETWORK_IO_DIRECTION, "receive"), bytes));
    assertThat(telemetry.counter(Metrics.SYSTEM_NETWORK_CONNECTION_COUNT).values())
        .allMatch(count -> count == 0);
  }

  @Test
  void tellsWhyAConnectFailedOnce() throws Exception {
    var connections =
        Connections.observe(
            cgroup,
            "own-namespace connect-by " + MPTCP + " refused 127.0.0.1 connect 192.0.2.1 80");

    assertThat(connections.events(Events.NETWORK_TCP_CONNECT_FAILED))
        .extracting(e -> e.get(Keys.SERVER_ADDRESS), e -> e.get(Keys.ERROR_TYPE))
        .containsExactly(
            tuple("127.0.0.1", "connection_refused"), tuple("192.0.2.1", "network_unreachable"));
  }

  @Test
  void knowsConnectionsThatWereOpenBefore() throws Exception {
    var words = "own-namespace listen-by 262 connect-by 262 held 127.0.0.1 1000 50";
    var process =
        new ProcessBuilder(cgroup.enter(Connections.PROGRAM.command(words)))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var out = process.inputReader()) {
      out.readLine();
      long port = Long.parseLong(out.readLine().split(" ")[1]);
      try (var observation =
          Connections.start(TcpConnectionOptionsBuilder.everything().in(cgroup))) {
        process.getOutputStream().close();
        assertThat(process.waitFor()).isZero();

        var telemetry = observation.end();

        long pid = process.pid();
        assertThat(telemetry.events(Events.NETWORK_TCP_CONNECTION_CLOSED))
            .extracting(TcpConnectionMptcpIT::end)
            .containsExactlyInAnyOrder(
                tuple("client", pid, "holder", port, null, 2000L, 100L),
                tuple("server", pid, "holder", port, null, 100L, 2000L));
        assertNothingIsLeft(telemetry, 1050);
      }
    }
  }

  /// A thread of the kernel opens it, and nobody accepts it.
  @Test
  void givesAFurtherPathToWhoOwnsTheFirst() throws Exception {
    var connections =
        Connections.observe(
            TcpConnectionOptionsBuilder.everything().in(cgroup), () -> SUBFLOWS.run(cgroup, ""));

    var said = connections.said();
    var telemetry = connections.telemetry();
    assertThat(said).startsWith("mptcp 0");
    long client = Long.parseLong(said.get(1));
    assertThat(telemetry.events(Events.NETWORK_TCP_CONNECTION_CLOSED))
        .extracting(
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE),
            e -> e.get(Keys.CLIENT_ADDRESS),
            e -> e.get(Keys.PROCESS_PID),
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_OWNER))
        .containsExactlyInAnyOrder(
            tuple("client", "127.0.0.1", client, "opener"),
            tuple("server", "127.0.0.1", Long.parseLong(said.get(2)), "opener"),
            tuple("client", "127.0.0.2", client, "opener"),
            tuple("server", "127.0.0.2", client, "listener"));
    assertNothingIsLeft(telemetry, 20);
  }
}
