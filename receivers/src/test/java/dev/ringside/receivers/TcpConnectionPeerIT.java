package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The same connections as `tcplife` sees them, at the same time. Only in a guest: it looks at all
/// of a machine.
@Tag("guest")
class TcpConnectionPeerIT {
  private static final Path TCPLIFE = Path.of("/usr/sbin/tcplife");
  private static final Path TRACING = Path.of("/sys/kernel/tracing");

  /// Two programs at one tracepoint, one after the other, on a processor that is emulated.
  private static final double CLOSE_ENOUGH_MS = 20;

  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");

  @BeforeEach
  void begin() throws Exception {
    assumeTrue(Files.isExecutable(TCPLIFE), "tcplife is not installed");
    if (!Files.exists(TRACING.resolve("events"))) {
      new ProcessBuilder("mount", "-t", "tracefs", "tracefs", TRACING.toString()).start().waitFor();
    }
  }

  @Test
  void lastAsLongAsTcplifeSays() throws Exception {
    var tcplife = new ProcessBuilder("stdbuf", "-oL", TCPLIFE.toString()).start();
    try (var lines = tcplife.inputReader();
        var observation = Connections.start(TcpConnectionOptionsBuilder.everything().in(cgroup))) {
      assertThat(lines.readLine()).startsWith("PID");
      Connections.PROGRAM.run(cgroup, "own-namespace deferred 127.0.0.1 many 127.0.0.1 5");
      var theirs = new HashMap<String, Double>();
      while (theirs.size() < 12) {
        // PID COMM LADDR LPORT RADDR RPORT TX_KB RX_KB MS
        var field = lines.readLine().trim().split("\\s+");
        theirs.put(field[3] + " " + field[5], Double.parseDouble(field[8]));
      }

      var ours = durations(observation.end());

      assertThat(ours).containsOnlyKeys(theirs.keySet());
      ours.forEach((ends, ms) ->
          assertThat(ms).as(ends).isCloseTo(theirs.get(ends), within(CLOSE_ENOUGH_MS)));
    } finally {
      tcplife.destroy();
      tcplife.waitFor();
    }
  }

  /// By the local and the other port, in milliseconds.
  private static Map<String, Double> durations(RecordingTelemetry telemetry) {
    var durations = new HashMap<String, Double>();
    for (var e : telemetry.events(Events.NETWORK_TCP_CONNECTION_CLOSED)) {
      boolean client = e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE).equals("client");
      long local = e.get(client ? Keys.CLIENT_PORT : Keys.SERVER_PORT);
      long remote = e.get(client ? Keys.SERVER_PORT : Keys.CLIENT_PORT);
      durations.put(
          local + " " + remote, e.get(Keys.RINGSIDE_NETWORK_TCP_CONNECTION_DURATION) * 1e3);
    }
    return durations;
  }
}
