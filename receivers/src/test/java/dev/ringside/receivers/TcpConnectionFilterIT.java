package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.receivers.TcpConnectionOptions.Family;
import dev.ringside.receivers.TcpConnectionOptions.Role;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Of all connections of a program, those that are asked for.
class TcpConnectionFilterIT {
  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");

  @Test
  void byRoleFamilyPortAndPeer() throws Exception {
    var options =
        TcpConnectionOptionsBuilder.everything()
            .only(Role.CLIENT)
            .only(Family.IPV4)
            .onlyPort(8080)
            .onlyPeer("127.0.0.2/31");

    var telemetry =
        observe(
            options,
            "own-namespace exchange 127.0.0.2 0.0.0.0 plain 1 1 port 8080"
                + " exchange 127.0.0.2 0.0.0.0 plain 2 2 exchange 127.0.0.1 0.0.0.0 plain 3 3"
                + " exchange ::1 :: plain 4 4 exchange ::ffff:127.0.0.3 :: plain 5 5");

    assertThat(telemetry.events(Events.NETWORK_TCP_CONNECTION_CLOSED))
        .extracting(e -> e.get(Keys.RINGSIDE_NETWORK_TCP_TRANSMIT_SIZE))
        .containsExactly(2L, 5L);
    assertThat(telemetry.histogram(Metrics.NETWORK_TCP_CONNECTION_DURATION))
        .singleElement()
        .satisfies(p -> assertThat(p.getValue().count()).isEqualTo(2));
  }

  @Test
  void eventsOnlyOfConnectionsThatWereCut() throws Exception {
    var options = TcpConnectionOptionsBuilder.everything().failedOnly();

    var telemetry = observe(options, "own-namespace many 127.0.0.1 5 cut 127.0.0.1");

    assertThat(telemetry.events(Events.NETWORK_TCP_CONNECTION_CLOSED))
        .extracting(e -> e.get(Keys.ERROR_TYPE))
        .containsExactlyInAnyOrder("connection_reset", "connection_aborted");
    assertThat(telemetry.spans).hasSize(2);
    assertThat(measured(telemetry)).isEqualTo(12);
  }

  @Test
  void eventsOnlyOfConnectionsThatLasted() throws Exception {
    var options = TcpConnectionOptionsBuilder.everything().lasting(Duration.ofMillis(800));

    var telemetry = observe(options, "own-namespace many 127.0.0.1 5 deferred 127.0.0.1");

    // A client is established a second before a server that defers.
    assertThat(telemetry.events(Events.NETWORK_TCP_CONNECTION_CLOSED))
        .singleElement()
        .satisfies(
            e -> assertThat(e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE)).isEqualTo("client"))
        .satisfies(e ->
            assertThat(e.get(Keys.RINGSIDE_NETWORK_TCP_CONNECTION_DURATION)).isBetween(0.8, 60.0));
    assertThat(telemetry.events(Events.NETWORK_TCP_HANDSHAKE_SLOW))
        .extracting(e -> e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE))
        .containsExactlyElementsOf(List.of("server"));
    assertThat(measured(telemetry)).isEqualTo(12);
  }

  private static long measured(RecordingTelemetry telemetry) {
    return telemetry.histogram(Metrics.NETWORK_TCP_CONNECTION_DURATION).stream()
        .mapToLong(p -> p.getValue().count())
        .sum();
  }

  private RecordingTelemetry observe(TcpConnectionOptionsBuilder options, String words)
      throws Exception {
    return Connections.observe(options, cgroup, words).telemetry();
  }
}
