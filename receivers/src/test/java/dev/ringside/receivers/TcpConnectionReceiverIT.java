package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.ringside.receivers.RecordingTelemetry.Event;
import dev.ringside.semconv.EventType;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.MetricType;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Connections of a program in a cgroup and a network namespace of its own, by its own account.
class TcpConnectionReceiverIT {
  private static final CProgram CONNECTIONS = new CProgram("connections", "-static");
  private static final TcpConnectionOptions DEFAULTS = TcpConnectionOptions.DEFAULTS;

  private OwnCgroup cgroup;
  private List<String> said;

  @BeforeEach
  void begin() throws IOException {
    cgroup = OwnCgroup.create("workload");
  }

  @AfterEach
  void end() throws IOException {
    cgroup.close();
  }

  @Test
  void tellsWhoConnectedAndWhoAcceptedAndEveryByte() throws Exception {
    var telemetry =
        observe(
            "own-namespace exchange 127.0.0.1 127.0.0.1 plain 300000 7"
                + " exchange ::1 :: sendfile 1000001 65537"
                + " exchange ::ffff:127.0.0.1 :: splice 200000 1"
                + " exchange 127.0.0.2 0.0.0.0 plain 0 0");

    assertThat(telemetry.events(Events.NETWORK_TCP_CONNECTION_CLOSED)).hasSize(8);
    assertExchange(telemetry, said.get(1), 300_000, 7, "ipv4", "127.0.0.1");
    assertExchange(telemetry, said.get(2), 1_000_001, 65_537, "ipv6", "::1");
    assertExchange(telemetry, said.get(3), 200_000, 1, "ipv4", "127.0.0.1");
    assertExchange(telemetry, said.get(4), 0, 0, "ipv4", "127.0.0.2");
  }

  /// @param line who connected, from which port, who accepted, at which port
  private void assertExchange(
      RecordingTelemetry telemetry,
      String line,
      long there,
      long back,
      String type,
      String server) {
    var numbers = Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
    var closed =
        telemetry.events(Events.NETWORK_TCP_CONNECTION_CLOSED).stream()
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
              .isEqualTo(Long.parseLong(said.getFirst()));
          assertThat(e.get(Keys.ERROR_TYPE)).isNull();
          assertThat(e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_DURATION)).isBetween(1e-6, 10.0);
          assertThat(e.get(Keys.RINGSIDE_NETWORK_TCP_CONNECTION_DURATION)).isBetween(1e-6, 60.0);
        });
  }

  @Test
  void measuresEveryHandshakeConnectionAndByteInTheKernel() throws Exception {
    var telemetry = observe("own-namespace many 127.0.0.1 200 many ::1 100");

    for (var metric :
        List.of(
            Metrics.NETWORK_TCP_HANDSHAKE_DURATION,
            Metrics.NETWORK_TCP_CONNECTION_DURATION,
            Metrics.NETWORK_TCP_RTT_DURATION)) {
      for (var role : List.of("client", "server")) {
        assertThat(count(telemetry, metric, role, "ipv4", null)).as(metric.name()).isEqualTo(200);
        assertThat(count(telemetry, metric, role, "ipv6", null)).as(metric.name()).isEqualTo(100);
      }
    }
    assertThat(telemetry.counter(Metrics.NETWORK_TCP_IO))
        .containsOnly(
            Map.entry(Attributes.of(Keys.NETWORK_IO_DIRECTION, "transmit"), 1500L),
            Map.entry(Attributes.of(Keys.NETWORK_IO_DIRECTION, "receive"), 1500L));
    assertThat(telemetry.counter(Metrics.SYSTEM_NETWORK_CONNECTION_COUNT).values())
        .allMatch(count -> count == 0);
  }

  /// The last one came to no SYN: its namespace has no way there.
  @Test
  void tellsWhyAConnectFailedAndWhereItLed() throws Exception {
    var telemetry =
        observe(
            "own-namespace refused 127.0.0.1 refused-later 127.0.0.2 refused ::1"
                + " connect 192.0.2.1 80");

    assertThat(said.subList(1, 5)).containsExactly("111", "111", "111", "101");
    assertThat(telemetry.events(Events.NETWORK_TCP_CONNECT_FAILED))
        .extracting(
            e -> e.get(Keys.SERVER_ADDRESS),
            e -> e.get(Keys.ERROR_TYPE),
            e -> e.get(Keys.RINGSIDE_ERRNO_NAME),
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_OWNER))
        .containsExactly(
            tuple("127.0.0.1", "connection_refused", "ECONNREFUSED", "opener"),
            tuple("127.0.0.2", "connection_refused", "ECONNREFUSED", "opener"),
            tuple("::1", "connection_refused", "ECONNREFUSED", "opener"),
            tuple("192.0.2.1", "network_unreachable", "ENETUNREACH", "opener"));
    var handshakes = Metrics.NETWORK_TCP_HANDSHAKE_DURATION;
    assertThat(count(telemetry, handshakes, "client", "ipv4", "connection_refused")).isEqualTo(2);
    assertThat(count(telemetry, handshakes, "client", "ipv6", "connection_refused")).isEqualTo(1);
    assertThat(count(telemetry, handshakes, "client", "ipv4", "network_unreachable")).isEqualTo(1);
    assertThat(telemetry.events(Events.NETWORK_TCP_CONNECTION_CLOSED)).isEmpty();
  }

  @Test
  void tellsWhoResetAConnectionInTheMiddle() throws Exception {
    var telemetry = observe("own-namespace cut 127.0.0.1");

    assertThat(telemetry.events(Events.NETWORK_TCP_RESET))
        .extracting(e -> e.get(Keys.NETWORK_IO_DIRECTION), e -> e.get(Keys.PROCESS_EXECUTABLE_NAME))
        .containsExactlyInAnyOrder(
            tuple("transmit", "connections"), tuple("receive", "connections"));
    assertThat(telemetry.events(Events.NETWORK_TCP_CONNECTION_CLOSED))
        .extracting(
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE),
            e -> e.get(Keys.ERROR_TYPE),
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_TRANSMIT_SIZE),
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_RECEIVE_SIZE))
        .containsExactlyInAnyOrder(
            tuple("client", "connection_reset", 3L, 0L),
            tuple("server", "connection_aborted", 0L, 3L));
    assertThat(telemetry.counter(Metrics.NETWORK_TCP_RESETS).values()).containsExactly(1L, 1L);
  }

  @Test
  void givesAConnectionThatNobodyAcceptsToWhoListens() throws Exception {
    var telemetry = observe("own-namespace ignored 127.0.0.1");

    assertThat(telemetry.events(Events.NETWORK_TCP_CONNECTION_CLOSED))
        .extracting(
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE),
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_OWNER),
            e -> e.get(Keys.PROCESS_EXECUTABLE_NAME))
        .contains(tuple("server", "listener", "connections"));
  }

  /// How often a SYN is sent again is the kernel's business: once, or by smaller steps (since 6.5).
  @Test
  void countsEachSynThatIsSentAgainUntilTheConnectTimesOut() throws Exception {
    var telemetry = observe("own-namespace crowded 127.0.0.1");

    var failed = only(telemetry, Events.NETWORK_TCP_CONNECT_FAILED);
    assertThat(failed.get(Keys.ERROR_TYPE)).isEqualTo("timed_out");
    assertThat(failed.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_DURATION)).isBetween(1.9, 30.0);
    long again = failed.get(Keys.RINGSIDE_NETWORK_TCP_RETRANSMIT_COUNT);
    assertThat(again).isPositive();
    assertThat(telemetry.events(Events.NETWORK_TCP_RETRANSMIT))
        .hasSize((int) again)
        .allSatisfy(e -> {
          assertThat(e.get(Keys.RINGSIDE_NETWORK_TCP_RETRANSMIT_TYPE)).isEqualTo("timeout");
          assertThat(e.get(Keys.NETWORK_CONNECTION_STATE)).isEqualTo("syn_sent");
        });
    assertThat(telemetry.counter(Metrics.NETWORK_TCP_RETRANSMITS).values()).containsExactly(again);
  }

  @Test
  void knowsConnectionsThatWereOpenBeforeAndCountsTheirBytesFromThenOn() throws Exception {
    var command = cgroup.enter(CONNECTIONS.command("own-namespace held 127.0.0.1 1000 50"));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var out = process.inputReader()) {
      out.readLine();
      long port = Long.parseLong(out.readLine().split(" ")[1]);
      try (var observation = start(options(cgroup))) {
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

  private static long count(
      RecordingTelemetry telemetry, MetricType metric, String role, String type, String error) {
    return telemetry.histogram(metric).stream()
        .filter(p -> is(p.getKey(), Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE, role))
        .filter(p -> is(p.getKey(), Keys.NETWORK_TYPE, type))
        .filter(p -> is(p.getKey(), Keys.ERROR_TYPE, error))
        .mapToLong(p -> p.getValue().count())
        .sum();
  }

  private static boolean is(Attributes attributes, AttributeKey<String> key, String value) {
    return Objects.equals(attributes.get(key), value);
  }

  private static Event only(RecordingTelemetry telemetry, EventType type) {
    assertThat(telemetry.events(type)).as(type.name()).hasSize(1);
    return telemetry.events(type).getFirst();
  }

  private RecordingTelemetry observe(String words) throws Exception {
    try (var observation = start(options(cgroup))) {
      said = CONNECTIONS.run(cgroup, words);
      assertThat(said).endsWith("0");
      return observation.end();
    }
  }

  private static Observation start(TcpConnectionOptions options) {
    return Observation.start(new TcpConnectionType(), options);
  }

  private static TcpConnectionOptions options(OwnCgroup cgroup) {
    return new TcpConnectionOptions(
        0,
        -1,
        cgroup.path(),
        "",
        TcpConnectionOptions.Role.ANY,
        TcpConnectionOptions.Family.ANY,
        0,
        "",
        true,
        true,
        Duration.ZERO,
        false,
        Duration.ZERO,
        true,
        List.of(),
        DEFAULTS.connections(),
        DEFAULTS.ringBytes());
  }
}
