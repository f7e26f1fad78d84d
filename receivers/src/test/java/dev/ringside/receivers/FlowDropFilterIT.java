package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Which dropped segments are told, and how many.
class FlowDropFilterIT {
  private static final CProgram DROPS = new CProgram("drops", "-static");

  @Test
  void tellsOfAProcessOnlyWhatIsItsOwn() throws Exception {
    try (var cgroup = OwnCgroup.create("workload")) {
      var all = TcpConnectionOptionsBuilder.everything().withDrops(0).in(cgroup);

      var telemetry =
          observe(all, cgroup.enter(DROPS.command("own-namespace refused ::1 wrong-checksum ::1")));

      assertThat(telemetry.events(Events.NETWORK_TCP_DROP))
          .singleElement()
          .satisfies(e -> {
            assertThat(e.get(Keys.NETWORK_TYPE)).isEqualTo("ipv6");
            assertThat(e.get(Keys.CLIENT_ADDRESS)).isEqualTo("::1");
            assertThat(e.get(Keys.CLIENT_PORT)).isEqualTo(4321L);
            assertThat(e.get(Keys.PROCESS_EXECUTABLE_NAME)).isEqualTo("drops");
          });
      assertThat(telemetry.counter(Metrics.NETWORK_TCP_DROPS).values()).containsExactly(1L);
    }
  }

  /// The last one comes in a second of its own, and so is told in any case.
  @Test
  void tellsNoMoreInASecondThanItIsAskedForAndCountsThemAll() throws Exception {
    var one = TcpConnectionOptionsBuilder.everything().onlyPeer("127.7.8.0/24").withDrops(1);

    var telemetry =
        observe(
            one,
            DROPS.command(
                "own-namespace" + " refused 127.7.8.1".repeat(30) + " pause refused 127.7.8.1"));

    var told = telemetry.events(Events.NETWORK_TCP_DROP);
    assertThat(told.size()).isBetween(2, 25);
    long skipped =
        told.stream()
            .map(e -> e.get(Keys.RINGSIDE_NETWORK_TCP_DROP_SKIPPED_COUNT))
            .filter(Objects::nonNull)
            .mapToLong(n -> n)
            .sum();
    assertThat(told.size() + skipped).isEqualTo(31);
    assertThat(telemetry.counter(Metrics.NETWORK_TCP_DROPS).values()).containsExactly(31L);
  }

  private static RecordingTelemetry observe(
      TcpConnectionOptionsBuilder options, List<String> command) throws Exception {
    try (var observation = Connections.start(options)) {
      observation.assumeNeed("dropped segments");
      assertThat(CProgram.command(command, Map.of())).endsWith("0");
      return observation.end();
    }
  }
}
