package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is told of connections while they are open: both ends are this process's own.
class TcpConnectionLifeIT {
  private ServerSocket listening;

  @BeforeEach
  void begin() throws IOException {
    listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void end() throws IOException {
    listening.close();
  }

  @Test
  void countsTheBytesOfOpenConnectionsWhenTheyAreRead() throws Exception {
    try (var observation = start();
        var client = connect();
        var server = listening.accept()) {
      send(client, server, 100_000);
      send(server, client, 7);
      assertBytes(observation.telemetry(), 100_007);

      send(client, server, 5);
      assertBytes(observation.telemetry(), 100_012);

      close(client);
      assertThat(server.getInputStream().read()).isEqualTo(-1);
      close(server);
      assertBytes(observation.end(), 100_012);
    }
  }

  @Test
  void takesTheRoundTripOfAnOpenConnectionOnceInAWhileAndAtItsEnd() throws Exception {
    try (var observation = start();
        var client = connect();
        var server = listening.accept()) {
      send(client, server, 1);
      assertThat(roundTrips(observation.telemetry())).isEqualTo(2);
      assertThat(roundTrips(observation.telemetry())).isEqualTo(2);

      close(client);
      close(server);

      assertThat(roundTrips(observation.end())).isEqualTo(4);
    }
  }

  /// What is open when nobody looks any longer was looked at last when that began. Who accepts
  /// might be another program than who listens, so what came for a server waits until then.
  @Test
  void countsTheBytesOfOpenConnectionsByServerAndOwner() throws Exception {
    var options = options().withAllAttributes();
    try (var observation = Observation.start(new TcpConnectionType(), options.build());
        var client = connect()) {
      client.getOutputStream().write(new byte[1000]);
      var before = observation.telemetry().counter(Metrics.NETWORK_TCP_IO);
      assertThat(before).containsOnly(Map.entry(series("transmit"), 1000L));

      try (var server = listening.accept()) {
        send(client, server, 5);
        var then = observation.telemetry().counter(Metrics.NETWORK_TCP_IO);
        send(server, client, 7);
        var end = observation.end().counter(Metrics.NETWORK_TCP_IO);

        assertThat(then)
            .containsOnly(
                Map.entry(series("transmit"), 1005L), Map.entry(series("receive"), 1005L));
        assertThat(end)
            .containsOnly(
                Map.entry(series("transmit"), 1012L), Map.entry(series("receive"), 1012L));
      }
    }
  }

  private Attributes series(String direction) {
    return Attributes.builder()
        .put(Keys.NETWORK_IO_DIRECTION, direction)
        .put(Keys.SERVER_ADDRESS, listening.getInetAddress().getHostAddress())
        .put(Keys.SERVER_PORT, (long) listening.getLocalPort())
        .put(Keys.PROCESS_EXECUTABLE_NAME, "java")
        .build();
  }

  private Socket connect() throws IOException {
    return new Socket(listening.getInetAddress(), listening.getLocalPort());
  }

  private static void send(Socket from, Socket to, int bytes) throws IOException {
    from.getOutputStream().write(new byte[bytes]);
    assertThat(to.getInputStream().readNBytes(bytes)).hasSize(bytes);
  }

  private static void close(Socket socket) throws IOException {
    socket.close();
  }

  /// Each byte that one end sends the other receives.
  private static void assertBytes(RecordingTelemetry telemetry, long bytes) {
    assertThat(telemetry.counter(Metrics.NETWORK_TCP_IO))
        .containsOnly(
            Map.entry(Attributes.of(Keys.NETWORK_IO_DIRECTION, "transmit"), bytes),
            Map.entry(Attributes.of(Keys.NETWORK_IO_DIRECTION, "receive"), bytes));
  }

  private static long roundTrips(RecordingTelemetry telemetry) {
    return telemetry.histogram(Metrics.NETWORK_TCP_RTT_DURATION).stream()
        .mapToLong(p -> p.getValue().count())
        .sum();
  }

  private Observation start() {
    return Observation.start(new TcpConnectionType(), options().build());
  }

  private TcpConnectionOptionsBuilder options() {
    return TcpConnectionOptionsBuilder.everything()
        .ofProcess(ProcessHandle.current().pid())
        .onlyPort(listening.getLocalPort());
  }
}
