package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringside.bpf.Histogram;
import dev.ringside.bpf.Need;
import dev.ringside.bpf.Way;
import dev.ringside.receivers.FlowCounts.ResetKey;
import dev.ringside.receivers.FlowCounts.ResetSeries;
import dev.ringside.receivers.FlowCounts.RetransmitKey;
import dev.ringside.receivers.FlowCounts.RetransmitSeries;
import dev.ringside.receivers.FlowDurations.FlowOutcome;
import dev.ringside.receivers.FlowDurations.FlowSeries;
import dev.ringside.receivers.FlowGroups.Executable;
import dev.ringside.receivers.FlowGroups.FlowGroup;
import dev.ringside.receivers.FlowTotals.FlowIo;
import dev.ringside.receivers.TcpConnectionOptions.Family;
import dev.ringside.receivers.TcpConnectionOptions.Role;
import dev.ringside.receivers.TcpConnectionReceiver.Slot;
import dev.ringside.receivers.linux.IpAddress;
import dev.ringside.receivers.linux.IpNetwork;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TcpConnectionReceiverTest {
  private static final int ECONNREFUSED = 111;

  private final FakeProbe kernel = new FakeProbe();
  private final RecordingTelemetry telemetry = new RecordingTelemetry();
  private final TcpConnectionType type = new TcpConnectionType();

  @Test
  void refusesARatioThatIsNone() {
    var twice = TcpConnectionOptionsBuilder.everything().spanRatio(2).build();

    assertThatThrownBy(() -> type.create(twice)).hasMessage("span_ratio: 2.0; from 0 to 1");
  }

  @Test
  void reportsTheKernelsHistograms() {
    bind(type.defaults());
    var any = new Histogram(1, 1, 1, 1, 0, new long[512]);
    kernel.row("handshake_durations", new FlowOutcome(1, false, ECONNREFUSED), any);
    kernel.row("connection_durations", new FlowOutcome(2, true, 0), any);

    var handshakes = telemetry.histogram(Metrics.NETWORK_TCP_HANDSHAKE_DURATION);
    var durations = telemetry.histogram(Metrics.NETWORK_TCP_CONNECTION_DURATION);

    assertThat(handshakes.getFirst().getKey())
        .isEqualTo(
            Attributes.of(
                Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE,
                "client",
                Keys.NETWORK_TYPE,
                "ipv4",
                Keys.ERROR_TYPE,
                "connection_refused"));
    assertThat(durations.getFirst().getKey())
        .isEqualTo(
            Attributes.of(
                Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE, "server", Keys.NETWORK_TYPE, "ipv6"));
  }

  @Test
  void reportsASeriesForEachServerAndOwnerAndWhatFoundNoRoom() {
    bind(TcpConnectionOptionsBuilder.everything().withAllAttributes().build());
    var any = new Histogram(1, 1, 1, 1, 0, new long[512]);
    var group = new FlowGroup(IpNetwork.parse("10.1.2.80").address(), 443, 3);
    kernel.row("executable_numbers", new Executable("curl"), 3L);
    kernel.row("durations_by_series", new FlowSeries(group, 0, 1, false, 1), any);
    kernel.row("connection_durations", new FlowOutcome(2, false, 0), any);

    assertThat(telemetry.histogram(Metrics.NETWORK_TCP_HANDSHAKE_DURATION)).isEmpty();
    assertThat(telemetry.histogram(Metrics.NETWORK_TCP_CONNECTION_DURATION))
        .extracting(Map.Entry::getKey)
        .containsExactly(
            Attributes.builder()
                .put(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE, "server")
                .put(Keys.NETWORK_TYPE, "ipv4")
                .put("otel.metric.overflow", true)
                .build(),
            Attributes.builder()
                .put(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE, "client")
                .put(Keys.NETWORK_TYPE, "ipv4")
                .put(Keys.SERVER_ADDRESS, "10.1.2.80")
                .put(Keys.SERVER_PORT, 443L)
                .put(Keys.PROCESS_EXECUTABLE_NAME, "curl")
                .build());
  }

  @Test
  void countsTheBytesOfASeriesWhetherItsConnectionsAreOpenOrNotAndNeverBackwards() {
    bind(TcpConnectionOptionsBuilder.everything().withAttributes("server.port").build());
    var sent = new FlowIo(new FlowGroup(new IpAddress(0, 0), 443, 0), 0);
    var received = new FlowIo(sent.group(), 1);
    kernel.row("io_by_series", sent, 100L);
    kernel.row("open_io_by_series", sent, 20L);
    kernel.row("io_by_series", received, 7L);
    kernel.row("io_bytes", new Slot(0), 0L);
    kernel.row("open_io_bytes", new Slot(1), 3L);

    var first = telemetry.counter(Metrics.NETWORK_TCP_IO);
    kernel.row("open_io_by_series", sent, 0L); // it ends at this moment
    var second = telemetry.counter(Metrics.NETWORK_TCP_IO);

    assertThat(first)
        .containsOnly(
            Map.entry(ofPort("transmit"), 120L),
            Map.entry(ofPort("receive"), 7L),
            Map.entry(
                Attributes.builder()
                    .put(Keys.NETWORK_IO_DIRECTION, "receive")
                    .put("otel.metric.overflow", true)
                    .build(),
                3L));
    assertThat(second).isEqualTo(first);
    assertThat(kernel.sweeps.get("on_open_series"))
        .isEqualTo(kernel.sweeps.get("on_open_connection"));
  }

  @Test
  void countsWhatIsSentAgainByServerAndOwnerAndWhatFoundNoRoom() {
    bind(TcpConnectionOptionsBuilder.everything().withAllAttributes().build());
    var group = new FlowGroup(IpNetwork.parse("10.1.2.80").address(), 443, 3);
    var timeout = new RetransmitKey(1, 1, false);
    kernel.row("executable_numbers", new Executable("curl"), 3L);
    kernel.row("retransmits_by_series", new RetransmitSeries(group, timeout), 4L);
    kernel.row("retransmit_counts", timeout, 2L);

    var attributes =
        Attributes.of(
            Keys.RINGSIDE_NETWORK_TCP_RETRANSMIT_TYPE,
            "timeout",
            Keys.NETWORK_CONNECTION_STATE,
            "established",
            Keys.NETWORK_TYPE,
            "ipv4");
    assertThat(telemetry.counter(Metrics.NETWORK_TCP_RETRANSMITS))
        .containsOnly(
            Map.entry(attributes.toBuilder().put("otel.metric.overflow", true).build(), 2L),
            Map.entry(
                attributes.toBuilder()
                    .put(Keys.SERVER_ADDRESS, "10.1.2.80")
                    .put(Keys.SERVER_PORT, 443L)
                    .put(Keys.PROCESS_EXECUTABLE_NAME, "curl")
                    .build(),
                4L));
  }

  /// Which end was the server is forgotten with the connection.
  @Test
  void leavesOutWhatIsNotKnownOfAReset() {
    bind(TcpConnectionOptionsBuilder.everything().withAllAttributes().build());
    var nobody = new FlowGroup(new IpAddress(0, 0), 0, 0);
    kernel.row("resets_by_series", new ResetSeries(nobody, new ResetKey(1, true, 0)), 1L);

    assertThat(telemetry.counter(Metrics.NETWORK_TCP_RESETS))
        .containsOnly(
            Map.entry(
                Attributes.of(Keys.NETWORK_IO_DIRECTION, "receive", Keys.NETWORK_TYPE, "ipv6"),
                1L));
  }

  private static Attributes ofPort(String direction) {
    return Attributes.of(Keys.NETWORK_IO_DIRECTION, direction, Keys.SERVER_PORT, 443L);
  }

  @Test
  void takesNoRoomInTheKernelForSeriesThatNobodyAskedFor() {
    bind(type.defaults());

    assertThat(kernel.globals).containsEntry("by_series", 0L).containsEntry("by_executable", 0L);
    assertThat(kernel.sizes)
        .containsEntry("durations_by_series", 1L)
        .containsEntry("io_by_series", 1L)
        .containsEntry("open_io_by_series", 1L)
        .containsEntry("retransmits_by_series", 1L)
        .containsEntry("resets_by_series", 1L)
        .containsEntry("executable_numbers", 1L);
  }

  @Test
  void refusesAttributesThatItDoesNotHave() {
    var options = TcpConnectionOptionsBuilder.everything().withAttributes("user.name").build();

    assertThatThrownBy(() -> type.create(options))
        .hasMessage(
            "attributes: 'user.name'; server.address, server.port, process.executable.name");
  }

  @Test
  void reportsTheKernelsCounts() {
    bind(type.defaults());
    kernel.row("state_counts", new Slot(1), 3L);
    kernel.row("state_counts", new Slot(0), 0L);
    kernel.row("retransmit_counts", new RetransmitKey(2, 1, true), 5L);

    assertThat(telemetry.counter(Metrics.SYSTEM_NETWORK_CONNECTION_COUNT))
        .containsExactly(
            Map.entry(
                Attributes.of(
                    Keys.NETWORK_CONNECTION_STATE, "established", Keys.NETWORK_TRANSPORT, "tcp"),
                3L));
    assertThat(telemetry.counter(Metrics.NETWORK_TCP_RETRANSMITS))
        .containsExactly(
            Map.entry(
                Attributes.of(
                    Keys.RINGSIDE_NETWORK_TCP_RETRANSMIT_TYPE,
                    "tail_loss_probe",
                    Keys.NETWORK_CONNECTION_STATE,
                    "established",
                    Keys.NETWORK_TYPE,
                    "ipv6"),
                5L));
  }

  @Test
  void isOffUntilItIsAskedForAndThenWithoutEvents() {
    bind(type.defaults());

    assertThat(type.runsByDefault()).isFalse();
    assertThat(kernel.globals).containsEntry("events", 0L).containsEntry("only_peer_mask_low", 0L);
    assertThat(kernel.listensTo("flow_events")).isFalse();
    assertThat(kernel.sizes).containsEntry("flow_events", 4096L);
  }

  @Test
  void filtersInTheKernel() {
    bind(
        TcpConnectionOptionsBuilder.everything()
            .only(Role.SERVER)
            .only(Family.IPV6)
            .onlyPort(443)
            .onlyPeer("10.0.0.0/8")
            .failedOnly()
            .slowHandshake(Duration.ofMillis(1))
            .lasting(Duration.ofMillis(2))
            .build());

    var ten = IpNetwork.parse("10.0.0.0/8");
    assertThat(kernel.globals)
        .containsEntry("only_role", 2L)
        .containsEntry("only_ipv6", 2L)
        .containsEntry("only_port", 443L)
        .containsEntry("only_peer_low", ten.address().low())
        .containsEntry("only_peer_mask_low", ten.mask().low())
        .containsEntry("only_peer_mask_high", -1L)
        .containsEntry("only_failed", 1L)
        .containsEntry("slow_handshake_ns", 1_000_000L)
        .containsEntry("min_duration_ns", 2_000_000L);
  }

  @Test
  void triesTrampolinesBeforeTheTracepointOfAllCalls() {
    bind(type.defaults());

    assertThat(kernel.needs)
        .filteredOn(n -> n.name().startsWith("who accepts"))
        .singleElement()
        .extracting(Need::ways)
        .satisfies(ways ->
            assertThat(ways).extracting(Way::mechanism).containsExactly("fexit", "raw tracepoint"));
  }

  @Test
  void refusesOptionsThatDoNotFit() {
    var options = TcpConnectionOptionsBuilder.everything().onlyPeer("example.org").build();

    assertThatThrownBy(() -> type.create(options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "peer: 'example.org'; an address such as 10.1.2.80, or a network such as 10.0.0.0/8 or"
                + " fd00::/8");
  }

  private void bind(TcpConnectionOptions options) {
    type.create(options).bind(kernel, telemetry);
  }
}
