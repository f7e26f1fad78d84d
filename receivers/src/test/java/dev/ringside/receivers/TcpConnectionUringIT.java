package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A connection that is opened and accepted by io_uring, in another process each.
class TcpConnectionUringIT {
  private static final CProgram URING = new CProgram("uring", "-static");

  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");

  @Test
  void belongsToWhoAskedForIt() throws Exception {
    assertOwners("inline");
  }

  @Test
  void belongsToWhoAskedForItThoughWorkersDidIt() throws Exception {
    assumeTrue(
        Files.readString(Path.of("/proc/kallsyms")).contains(" create_io_thread"),
        "this kernel's io_uring has workers that belong to no process (until 5.12)");

    assertOwners("async");
  }

  private void assertOwners(String how) throws Exception {
    try (var observation = Connections.start(TcpConnectionOptionsBuilder.everything().in(cgroup))) {
      var said = URING.run(cgroup, how);
      assumeTrue(said.getFirst().equals("io_uring 0"), "this kernel has no io_uring");

      var telemetry = observation.end();

      assertThat(said).endsWith("0");
      long client = Long.parseLong(said.get(1));
      long server = Long.parseLong(said.get(2));
      // A system call that returns does not say what io_uring did.
      boolean byFunction = acceptsAreSeenBy(observation).equals("fexit");
      assertThat(telemetry.events(Events.NETWORK_TCP_CONNECTION_CLOSED))
          .extracting(
              e -> e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE),
              e -> e.get(Keys.PROCESS_PID),
              e -> e.get(Keys.RINGSIDE_NETWORK_TCP_OWNER),
              e -> e.get(Keys.RINGSIDE_NETWORK_TCP_TRANSMIT_SIZE),
              e -> e.get(Keys.RINGSIDE_NETWORK_TCP_RECEIVE_SIZE),
              e -> e.get(Keys.ERROR_TYPE))
          .containsExactlyInAnyOrder(
              tuple("client", client, "opener", 100_000L, 0L, null),
              byFunction
                  ? tuple("server", server, "opener", 0L, 100_000L, null)
                  : tuple("server", client, "listener", 0L, 100_000L, null));
    }
  }

  private static String acceptsAreSeenBy(Observation observation) {
    return observation.plan().steps().stream()
        .filter(s -> s.need().name().startsWith("who accepts"))
        .findFirst()
        .flatMap(s -> s.holds())
        .orElseThrow()
        .mechanism();
  }
}
