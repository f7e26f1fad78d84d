package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.receivers.RecordingTelemetry.Event;
import dev.ringside.semconv.EventType;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.MetricType;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.io.IOException;
import java.util.ArrayList;
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

  @Test
  void seesAcceptsByTrampolineWhereThatIsAllowed() {
    try (var observation = start(options(cgroup))) {
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

  /// The last two came to no SYN: there is no way to the one, and no port left for the other.
  @Test
  void tellsWhyAConnectFailedAndWhereItLed() throws Exception {
    var telemetry =
        observe(
            "own-namespace refused 127.0.0.1 refused-later 127.0.0.2 refused ::1"
                + " connect 192.0.2.1 80 exhausted 127.0.0.1");

    assertThat(said.subList(1, 6)).containsExactly("111", "111", "111", "101", "99");
    assertThat(telemetry.events(Events.NETWORK_TCP_CONNECT_FAILED))
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
    assertThat(count(telemetry, handshakes, "client", "ipv4", "connection_refused")).isEqualTo(2);
    assertThat(count(telemetry, handshakes, "client", "ipv6", "connection_refused")).isEqualTo(1);
    assertThat(count(telemetry, handshakes, "client", "ipv4", "network_unreachable")).isEqualTo(1);
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
  void measuresAServersHandshakeFromItsFirstAnswerThoughItWasRepeated() throws Exception {
    var telemetry = observe("own-namespace deferred 127.0.0.1");

    var server =
        telemetry.events(Events.NETWORK_TCP_CONNECTION_CLOSED).stream()
            .filter(e -> e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE).equals("server"))
            .toList();
    assertThat(server)
        .singleElement()
        .satisfies(e ->
            assertThat(e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_DURATION)).isBetween(0.9, 20.0));
    assertThat(telemetry.events(Events.NETWORK_TCP_RETRANSMIT))
        .isNotEmpty()
        .allSatisfy(
            e -> assertThat(e.get(Keys.NETWORK_CONNECTION_STATE)).isEqualTo("syn_received"));
  }

  @Test
  void measuresTheDelayThatWasSet() throws Exception {
    var telemetry = observe("own-namespace netem", "delay 30ms", "many 127.0.0.1 3 retransmitted");

    assumeTrue(said.get(1).equals("netem 0"), "this kernel has no tc netem");
    for (var metric :
        List.of(Metrics.NETWORK_TCP_HANDSHAKE_DURATION, Metrics.NETWORK_TCP_RTT_DURATION)) {
      assertThat(telemetry.histogram(metric))
          .isNotEmpty()
          .allSatisfy(p -> assertThat(p.getValue().minNs()).isBetween(59_000_000L, 900_000_000L));
    }
    assertThat(retransmits(telemetry)).isEqualTo(Long.parseLong(said.get(2)));
  }

  /// The kernel counts segments, of which one that is sent again may have several.
  @Test
  void countsWhatIsSentAgainWhereSegmentsAreLost() throws Exception {
    var telemetry =
        observe(
            "own-namespace netem",
            "loss 25%",
            "exchange 127.0.0.1 127.0.0.1 plain 400000 0 retransmitted");

    assumeTrue(said.get(1).equals("netem 0"), "this kernel has no tc netem");
    long segments = Long.parseLong(said.get(3));
    assertThat(segments).isPositive();
    assertThat(retransmits(telemetry)).isBetween(1L, segments);
    assertThat(telemetry.events(Events.NETWORK_TCP_RETRANSMIT))
        .hasSize((int) retransmits(telemetry));
    assertThat(telemetry.events(Events.NETWORK_TCP_CONNECTION_CLOSED))
        .extracting(e -> e.get(Keys.RINGSIDE_NETWORK_TCP_TRANSMIT_SIZE))
        .containsExactlyInAnyOrder(400_000L, 0L);
  }

  private static long retransmits(RecordingTelemetry telemetry) {
    return telemetry.counter(Metrics.NETWORK_TCP_RETRANSMITS).values().stream()
        .mapToLong(n -> n)
        .sum();
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

  /// @param words with blanks between them, but for every second: that is one
  private RecordingTelemetry observe(String... words) throws Exception {
    var command = new ArrayList<>(List.of(CONNECTIONS.path()));
    for (int i = 0; i < words.length; i++) {
      command.addAll(i % 2 == 0 ? List.of(words[i].split(" ")) : List.of(words[i]));
    }
    try (var observation = start(options(cgroup))) {
      said = CProgram.command(cgroup.enter(command), Map.of());
      assertThat(said).endsWith("0");
      return observation.end();
    }
  }

  private static Observation start(TcpConnectionOptions options) {
    return Observation.start(new TcpConnectionType(), options);
  }

  private static TcpConnectionOptions options(OwnCgroup cgroup) {
    return TcpConnectionReceiverTest.all(cgroup.path());
  }
}
