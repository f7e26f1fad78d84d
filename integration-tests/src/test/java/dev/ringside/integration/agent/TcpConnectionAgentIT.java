package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.ringside.integration.otlp.SpanRecord;
import dev.ringside.integration.registry.Conventions;
import dev.ringside.integration.workload.Truth;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// TCP connections as they arrive at a Collector, against what really happened.
@TestInstance(Lifecycle.PER_CLASS)
class TcpConnectionAgentIT {
  /// How well the kernel's clock and the wall clock are held together.
  private static final long CLOCK_NS = 1_000_000;

  private static final String ROLE = "ringside.network.tcp.handshake.role";

  private ObservedConnections seen;

  @BeforeAll
  void observe(@TempDir Path directory) throws Exception {
    seen = ObservedConnections.in(directory);
  }

  @Test
  void reportsBothEndsOfEveryConnectionWithEveryByte() {
    assertThat(seen.events("connection.closed"))
        .extracting(e -> ConnectionEnd.of(e.attributes()))
        .containsExactlyInAnyOrderElementsOf(seen.ends());
  }

  @Test
  void reportsAConnectThatWasRefused() {
    var refused = named("refused");

    assertThat(seen.events("connect.failed"))
        .singleElement()
        .satisfies(e -> {
          assertThat(e.number("process.pid")).isEqualTo(refused.pid());
          assertThat(e.text("server.address")).isEqualTo("127.0.0.1");
          assertThat(e.number("server.port")).isEqualTo(refused.serverPort());
          assertThat(e.text("error.type")).isEqualTo("connection_refused");
          assertThat(e.text("ringside.errno.name")).isEqualTo("ECONNREFUSED");
          assertIsWithin(e.timeNs(), refused);
        });
  }

  @Test
  void reportsWhoResetAConnection() {
    long port = named("reset").serverPort();

    assertThat(seen.events("reset"))
        .extracting(
            e -> e.text("network.io.direction"),
            e ->
                e.attributes()
                    .getOrDefault("server.port", e.attributes().get("network.local.port")))
        .containsExactlyInAnyOrder(
            tuple("receive", (long) named("refused").serverPort()),
            tuple("transmit", port),
            tuple("receive", port));
  }

  @Test
  void reportsWhenAConnectionEnded() {
    assertThat(seen.events("connection.closed"))
        .allSatisfy(e -> assertIsWithin(e.timeNs(), atPort(e.number("server.port"))));
  }

  @Test
  void makesASpanOfEachEndWithItsPhases() {
    assertThat(seen.spans())
        .filteredOn(s -> s.status() == 0)
        .hasSize(seen.ends().size() - 2)
        .allSatisfy(span -> {
          var end = ConnectionEnd.of(span.attributes());
          assertThat(seen.ends()).contains(end);
          assertThat(span.name()).isEqualTo("tcp " + end.role() + " " + end.serverPort());
          assertThat(span.events())
              .extracting(SpanRecord.Event::name)
              .containsExactly("ringside.network.tcp.established", "ringside.network.tcp.closing");
          assertThat(span.events().getFirst().timeNs())
              .isBetween(span.startNs(), span.events().getLast().timeNs());
          assertThat(span.events().getLast().timeNs()).isLessThanOrEqualTo(span.endNs());
          assertIsWithin(span.startNs(), atPort(end.serverPort()));
          assertIsWithin(span.endNs(), atPort(end.serverPort()));
        });
  }

  @Test
  void marksTheSpansOfWhatFailed() {
    assertThat(seen.spans())
        .filteredOn(s -> s.status() == 2)
        .extracting(s -> s.attributes().get("error.type"), s -> s.events().size())
        .containsExactlyInAnyOrder(
            tuple("connection_refused", 0),
            tuple("connection_reset", 1),
            tuple("connection_aborted", 1));
  }

  @Test
  void measuresEveryHandshakeAndEveryConnection() {
    long established = seen.ends().size() / 2;
    var handshakes = seen.latest("ringside.network.tcp.handshake.duration");
    var durations = seen.latest("ringside.network.tcp.connection.duration");

    assertThat(handshakes.countsBy(ROLE))
        .isEqualTo(Map.of("client", established + 1, "server", established));
    assertThat(handshakes.countsBy("error.type"))
        .isEqualTo(Map.of("", 2 * established, "connection_refused", 1L));
    assertThat(durations.countsBy(ROLE))
        .isEqualTo(Map.of("client", established, "server", established));
    assertThat(durations.countsBy("error.type"))
        .isEqualTo(
            Map.of("", 2 * established - 2, "connection_reset", 1L, "connection_aborted", 1L));
    assertThat(durations.countsBy("network.type"))
        .isEqualTo(Map.of("ipv4", 2 * established - 2, "ipv6", 2L));
    assertThat(seen.latest("ringside.network.tcp.rtt.duration").countsBy(ROLE))
        .containsOnlyKeys("client", "server");
  }

  @Test
  void countsEveryByteEachWayAndEveryReset() {
    long bytes = seen.ends().stream().mapToLong(ConnectionEnd::sent).sum();

    assertThat(seen.latest("ringside.network.tcp.io").by("network.io.direction"))
        .isEqualTo(Map.of("transmit", bytes, "receive", bytes));
    assertThat(seen.latest("ringside.network.tcp.resets").by("network.io.direction"))
        .isEqualTo(Map.of("transmit", 1L, "receive", 2L));
  }

  /// One from before: who listens, and two ends.
  @Test
  void countsWhatIsStillOpen() {
    var open = seen.latest("system.network.connection.count").by("network.connection.state");
    open.values().removeIf(n -> n == 0);

    assertThat(open).isEqualTo(Map.of("established", 2L, "listen", 1L));
  }

  @Test
  void saysNothingThatTheRegistryDoesNotKnow() throws Exception {
    assertThat(Conventions.read().complaintsAbout(seen.logs(), seen.points(), seen.spans()))
        .isEmpty();
  }

  /// The kernel tells everything once, also what becomes a log record and a span.
  @Test
  void losesNothingAndSaysSo() {
    long told = seen.logs().size();
    long exported = told + seen.spans().size();

    assertThat(Account.of("tcp_connection", seen.points()))
        .isEqualTo(new Account(told, exported, Map.of()));
  }

  private static void assertIsWithin(long ns, Truth.Connection c) {
    assertThat(ns).as(c.name()).isBetween(c.beforeNs() - CLOCK_NS, c.afterNs() + CLOCK_NS);
  }

  private Truth.Connection named(String name) {
    return seen.truth().connections().stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Truth.Connection atPort(long serverPort) {
    return seen.truth().connections().stream()
        .filter(c -> c.serverPort() == serverPort)
        .findFirst()
        .orElseThrow();
  }
}
