package dev.ringside.receivers;

import dev.ringside.bpf.Hook;
import dev.ringside.bpf.Need;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.Way;
import dev.ringside.receivers.FlowDurations.Measure;
import dev.ringside.receivers.linux.IpNetwork;
import dev.ringside.receivers.linux.TcpState;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import dev.ringside.semconv.Values;
import io.opentelemetry.api.common.Attributes;
import java.time.Duration;
import java.util.List;

/// Reports TCP connections: handshakes, failures, durations, round trips, bytes, retransmits and
/// resets, and, when asked, each connection by itself.
final class TcpConnectionReceiver implements Receiver {

  /// A connection's round trip is taken at most this often while it is open.
  private static final Duration RTT_INTERVAL = Duration.ofSeconds(10);

  /// The index of an array: a state, or a direction.
  record Slot(int index) {}

  // States that no connection of a process is in for long enough to be counted.
  private static final int TIME_WAIT = 6;
  private static final int CLOSED = 7;

  private static final Need CONNECTIONS =
      Need.required("connections", Way.by("BTF tracepoint").attach("on_state"));

  /// In this order: a connection is forgotten at its end.
  private static final Need CONNECTIONS_AND_STATES =
      Need.required(
          "connections",
          Way.by("BTF tracepoint")
              .attach("on_last_state")
              .attach("on_state")
              .attach("on_next_state"));

  private static final List<Need> NEEDS =
      List.of(
          Need.optional(
              "who accepts, and connects that fail at once",
              Way.by("fexit")
                  .attach("on_accept_fexit")
                  .attach("on_connect_fexit")
                  .set("sees_connect_returns", 1),
              Way.by("raw tracepoint")
                  .attach("on_sys_exit")
                  .set("sees_connect_returns", 1)
                  .note(
                      "every system call on this machine takes about 150 to 200 instructions more,"
                          + " also those that have nothing to do with connections; connections that"
                          + " io_uring or 32-bit programs accept are whose socket listens")),
          Need.optional(
              "retransmits",
              Way.by("BTF tracepoints").attach("on_retransmit").attach("on_retransmit_synack")),
          Need.optional(
              "resets",
              Way.by("BTF tracepoints").attach("on_send_reset").attach("on_receive_reset")),
          Need.optional(
              "connections from before",
              Way.by("file iterator")
                  .attach("on_listening_before", Hook.iterator())
                  .attach("on_connected_before", Hook.iterator())));

  private final TcpConnectionOptions options;
  private final ProcessFilter filter;
  private final IpNetwork peers;

  TcpConnectionReceiver(TcpConnectionOptions options, ProcessFilter filter, IpNetwork peers) {
    this.options = options;
    this.filter = filter;
    this.peers = peers;
  }

  @Override
  public void bind(Probe probe, Telemetry telemetry) {
    boolean records = options.events() || options.spans();
    filter.apply(probe);
    probe.set("only_role", options.role().ordinal());
    probe.set("only_ipv6", options.family().ordinal());
    probe.set("only_port", options.port());
    probe.set("only_peer_high", peers.address().high());
    probe.set("only_peer_low", peers.address().low());
    probe.set("only_peer_mask_high", peers.mask().high());
    probe.set("only_peer_mask_low", peers.mask().low());
    probe.set("events", records ? 1 : 0);
    probe.set("retransmit_events", options.retransmits() ? 1 : 0);
    probe.set("slow_handshake_ns", options.slowHandshake().toNanos());
    probe.set("begun_by_pid", telemetry.contexts().pid());
    probe.set("only_failed", options.failedOnly() ? 1 : 0);
    probe.set("min_duration_ns", options.minDuration().toNanos());
    probe.set("rtt_interval_ns", RTT_INTERVAL.toNanos());
    probe.resize("connections", options.connections());
    boolean states = options.events() && options.states();
    if (!states) List.of("on_last_state", "on_next_state").forEach(probe::leaveOut);
    probe.need(states ? CONNECTIONS_AND_STATES : CONNECTIONS);
    NEEDS.forEach(probe::need);

    RingSize.apply(probe, "flow_states", states, options.ringBytes());
    probe.resize("states_since", states ? options.connections() : 1);
    RingSize.apply(probe, "flow_events", records, options.ringBytes());
    var owners = new Owners();
    var reasons = KernelReasons.ofThisKernel();
    if (records) {
      probe.onEvent("owner_names", OwnerNames.class, owners::told);
      var flows = new FlowReports(options, owners, reasons, telemetry);
      probe.onEvent("flow_events", FlowEvent.class, flows::report);
      if (states) probe.onEvent("flow_states", FlowState.class, flows::report);
    }
    FlowDrops.declare(probe, telemetry, options, owners, reasons);
    var groups = new FlowGroups(probe, options.attributes());
    var totals = new FlowTotals(probe, groups);
    declareHistograms(new FlowDurations(probe, groups), telemetry, totals);
    declareCounters(probe, telemetry, totals, new FlowCounts(probe, groups, reasons));
  }

  private static void declareHistograms(
      FlowDurations durations, Telemetry telemetry, FlowTotals totals) {
    telemetry.histogram(
        Metrics.NETWORK_TCP_HANDSHAKE_DURATION,
        points -> durations.read(Measure.HANDSHAKE, points));
    telemetry.histogram(
        Metrics.NETWORK_TCP_CONNECTION_DURATION,
        points -> durations.read(Measure.CONNECTION, points));
    telemetry.histogram(
        Metrics.NETWORK_TCP_RTT_DURATION,
        points -> {
          totals.look();
          durations.read(Measure.ROUND_TRIP, points);
        });
  }

  private static void declareCounters(
      Probe probe, Telemetry telemetry, FlowTotals totals, FlowCounts counts) {
    telemetry.counter(Metrics.NETWORK_TCP_RETRANSMITS, counts::readRetransmits);
    telemetry.counter(Metrics.NETWORK_TCP_SPURIOUS_RETRANSMITS, totals::readSpuriousRetransmits);
    telemetry.counter(Metrics.NETWORK_TCP_RESETS, counts::readResets);
    telemetry.counter(Metrics.NETWORK_TCP_IO, totals::readBytes);
    var states = probe.table("state_counts", Slot.class);
    telemetry.counter(
        Metrics.SYSTEM_NETWORK_CONNECTION_COUNT,
        points ->
            states.forEach((slot, connections) -> {
              String state = TcpState.name(slot.index());
              if (state == null || slot.index() == CLOSED || slot.index() == TIME_WAIT) return;
              points.add(
                  Attributes.of(
                      Keys.NETWORK_CONNECTION_STATE,
                      state,
                      Keys.NETWORK_TRANSPORT,
                      Values.NetworkTransport.TCP),
                  connections);
            }));
  }

  static String direction(int direction) {
    return direction == 0 ? Values.NetworkIoDirection.TRANSMIT : Values.NetworkIoDirection.RECEIVE;
  }
}
