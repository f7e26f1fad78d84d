package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.bpf.KernelEnums;
import dev.ringside.receivers.RecordingTelemetry.Event;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/// Segments that the kernel has to drop, each kind at an address of its own, all seen by one
/// receiver: most belong to no socket, and so to no process that could be asked for.
@TestInstance(Lifecycle.PER_CLASS)
class FlowDropIT {
  private static final CProgram DROPS = new CProgram("drops", "-static");

  private final boolean hasReasons =
      !KernelEnums.ofThisKernel("skb_drop_reason").valuesOf("skb_drop_reason").isEmpty();

  /// Came with the tracepoint's argument that says who was to receive.
  private final boolean hasReceiver = hasFunction("sk_skb_reason_drop");

  private List<String> said;
  private RecordingTelemetry telemetry;

  @BeforeAll
  void dropsSomeOfEachKind() throws Exception {
    var options = TcpConnectionOptionsBuilder.everything().onlyPeer("127.7.7.0/24").withDrops(0);
    try (var observation = Connections.start(options)) {
      observation.assumeNeed("dropped segments");
      var words =
          "own-namespace exchange 127.7.7.1 refused 127.7.7.2 wrong-checksum 127.7.7.3"
              + " filtered 127.7.7.4 3 full 127.7.7.5 2 lost 127.7.7.6";
      said = CProgram.command(DROPS.command(words), Map.of());
      assertThat(said).endsWith("0");
      telemetry = observation.end();
    }
  }

  /// What a slow machine sends again though it had arrived is dropped indeed.
  @Test
  void tellsNothingOfConnectionsFromWhichNothingIsDropped() {
    assertThat(at("127.7.7.1"))
        .extracting(this::reason, e -> e.get(Keys.CODE_STACKTRACE))
        .hasSizeLessThanOrEqualTo(Integer.parseInt(said.get(1)));
  }

  @Test
  void tellsOfASegmentForAPortThatNobodyHasWhereItCameFromAndWhereItWasBoundFor() {
    var port = Long.valueOf(said.get(2));

    assertThat(at("127.7.7.2"))
        .singleElement()
        .satisfies(e -> {
          assertThat(e.get(Keys.DESTINATION_PORT)).isEqualTo(port);
          assertThat(e.get(Keys.SOURCE_ADDRESS)).isEqualTo("127.7.7.2");
          assertThat(e.get(Keys.PROCESS_PID)).isNull();
          assertThat(e.get(Keys.RINGSIDE_NETWORK_NAMESPACE_INODE))
              .isEqualTo(Long.valueOf(said.getFirst()));
          assertThat(reason(e)).isEqualTo(orPlace("no_socket", "tcp_v4_rcv"));
          assertThat(e.get(Keys.CODE_STACKTRACE)).matches("(?s)tcp_v4_rcv\\+.*\nip_.*");
        });
  }

  @Test
  void tellsWhoListensThatASynWasDropped() {
    assertThat(at("127.7.7.3"))
        .extracting(
            e -> e.get(Keys.CLIENT_PORT),
            e -> e.get(Keys.SERVER_PORT),
            e -> e.get(Keys.PROCESS_EXECUTABLE_NAME),
            e -> e.get(Keys.RINGSIDE_NETWORK_TCP_OWNER),
            this::reason)
        .containsExactly(
            tuple(
                4321L,
                Long.valueOf(said.get(3)),
                "drops",
                "listener",
                orPlace("tcp_csum", "tcp_v4_rcv")));
  }

  @Test
  void tellsOfEachSegmentThatWasNotLetIn() {
    assertThat(at("127.7.7.4"))
        .hasSize(times(said.get(4)))
        .allSatisfy(e -> {
          assertThat(reason(e)).isEqualTo(orPlace("socket_filter", "tcp_v4_rcv"));
          assertThat(e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE)).isEqualTo("server");
          assertThat(e.get(Keys.SERVER_PORT)).isEqualTo(port(said.get(4)));
          assertThat(e.get(Keys.NETWORK_IO_DIRECTION)).isEqualTo("receive");
          assertThat(e.get(Keys.PROCESS_EXECUTABLE_NAME)).isEqualTo(hasReceiver ? "drops" : null);
        });
  }

  /// What a kernel without reasons frees in TCP itself it does so in silence.
  @Test
  void tellsThatAReceiverHasNoRoom() {
    var drops = at("127.7.7.5");

    if (!hasReasons) {
      assertThat(drops).isEmpty();
      return;
    }
    assertThat(drops)
        .hasSizeGreaterThanOrEqualTo(2)
        .allSatisfy(e -> assertThat(e.attributes()).containsValue(port(said.get(5))));
    assertThat(reason(drops.getFirst())).isEqualTo("proto_mem");
  }

  @Test
  void tellsOfAsManySegmentsAsTheQueueOfADeviceSaysThatItDropped() {
    var count = said.get(6);
    assumeTrue(!count.equals("none"), "this kernel has no tc netem");

    assertThat(at("127.7.7.6"))
        .hasSize(Integer.parseInt(count))
        .allSatisfy(e -> {
          assertThat(reason(e)).isEqualTo(orPlace("qdisc_drop", "__dev_queue_xmit"));
          assertThat(e.get(Keys.NETWORK_IO_DIRECTION)).isEqualTo("transmit");
          assertThat(e.get(Keys.NETWORK_CONNECTION_STATE)).isEqualTo("syn_sent");
          assertThat(e.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE)).isEqualTo("client");
          assertThat(e.get(Keys.PROCESS_EXECUTABLE_NAME)).isEqualTo("drops");
        });
  }

  @Test
  void countsWhatItTells() {
    var drops = telemetry.events(Events.NETWORK_TCP_DROP);

    assertThat(
            telemetry.counter(Metrics.NETWORK_TCP_DROPS).values().stream().mapToLong(n -> n).sum())
        .isEqualTo(drops.size());
  }

  private static boolean hasFunction(String name) {
    try (var symbols = Files.lines(Path.of("/proc/kallsyms"))) {
      return symbols.anyMatch(line -> line.endsWith(" " + name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int times(String line) {
    return Integer.parseInt(line.split(" ")[2]);
  }

  private static long port(String line) {
    return Long.parseLong(line.split(" ")[1]);
  }

  private List<Event> at(String address) {
    return telemetry.events(Events.NETWORK_TCP_DROP).stream()
        .filter(e -> e.attributes().containsValue(address))
        .toList();
  }

  private String reason(Event drop) {
    return hasReasons
        ? drop.get(Keys.RINGSIDE_NETWORK_TCP_DROP_REASON)
        : drop.get(Keys.CODE_FUNCTION_NAME);
  }

  private String orPlace(String reason, String place) {
    return hasReasons ? reason : place;
  }
}
