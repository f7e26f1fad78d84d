package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.receivers.linux.IpAddress;
import dev.ringside.receivers.linux.IpNetwork;
import dev.ringside.receivers.telemetry.ThreadContexts;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import io.opentelemetry.api.trace.SpanContext;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Events and spans of connections.
class TcpConnectionEventsTest {
  static final ObservedProcess PROCESS =
      new ObservedProcess(4_123_000_000L, 321, 322, 1, 321, 7, "web-worker");
  private static final CgroupNames CGROUP = new CgroupNames("user.slice", "", "", "");
  static final Owner OWNER = new Owner(PROCESS, 17, 3);
  private static final IpAddress SERVER_ADDRESS = IpNetwork.parse("10.1.2.3").address();
  private static final IpAddress CLIENT_ADDRESS = IpNetwork.parse("10.1.2.80").address();
  private static final int ECONNREFUSED = 111;
  private static final int ECONNRESET = 104;

  private final FakeProbe kernel = new FakeProbe();
  private final RecordingTelemetry telemetry = new RecordingTelemetry();
  private final TcpConnectionType type = new TcpConnectionType();

  @Test
  void logsAConnectionThatEndedAsItsServerSawIt() {
    bind(type.forLooking());

    kernel.emit("flow_events", event(FlowEvent.CLOSED, Flow.SERVER, 2, 0));

    assertThat(telemetry.events)
        .singleElement()
        .satisfies(e -> assertThat(e.type()).isEqualTo(Events.NETWORK_TCP_CONNECTION_CLOSED))
        .satisfies(e -> assertThat(e.time()).isEqualTo(9_000_000_000L))
        .satisfies(e ->
            assertThat(e.attributes())
                .containsOnly(
                    Map.entry(Keys.PROCESS_PID, 321L),
                    Map.entry(Keys.PROCESS_CREATION_TIME, "1970-01-01T00:00:04.120Z"),
                    Map.entry(Keys.PROCESS_EXECUTABLE_NAME, "web"),
                    Map.entry(Keys.PROCESS_USER_ID, 7L),
                    Map.entry(Keys.THREAD_NAME, "web-worker"),
                    Map.entry(Keys.NETWORK_TRANSPORT, "tcp"),
                    Map.entry(Keys.NETWORK_TYPE, "ipv4"),
                    Map.entry(Keys.RINGSIDE_NETWORK_NAMESPACE_INODE, 4_026_531_840L),
                    Map.entry(Keys.RINGSIDE_NETWORK_TCP_OWNER, "opener"),
                    Map.entry(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE, "server"),
                    Map.entry(Keys.CLIENT_ADDRESS, "10.1.2.80"),
                    Map.entry(Keys.CLIENT_PORT, 40_000L),
                    Map.entry(Keys.SERVER_ADDRESS, "10.1.2.3"),
                    Map.entry(Keys.SERVER_PORT, 443L),
                    Map.entry(Keys.RINGSIDE_NETWORK_TCP_TRANSMIT_SIZE, 5000L),
                    Map.entry(Keys.RINGSIDE_NETWORK_TCP_RECEIVE_SIZE, 70L),
                    Map.entry(Keys.RINGSIDE_NETWORK_TCP_RTT, 0.0004),
                    Map.entry(Keys.RINGSIDE_NETWORK_TCP_RETRANSMIT_COUNT, 2L),
                    Map.entry(Keys.RINGSIDE_NETWORK_TCP_CONNECTION_DURATION, 3.5),
                    Map.entry(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_DURATION, 0.5)));
  }

  @Test
  void logsAConnectThatFailedWithTheClientsEndFirst() {
    bind(type.forLooking());

    kernel.emit("flow_events", event(FlowEvent.FAILED, Flow.CLIENT, 2, ECONNREFUSED));

    var failed = telemetry.events.getFirst();
    assertThat(failed.type()).isEqualTo(Events.NETWORK_TCP_CONNECT_FAILED);
    assertThat(failed.get(Keys.ERROR_TYPE)).isEqualTo("connection_refused");
    assertThat(failed.get(Keys.RINGSIDE_ERRNO_NAME)).isEqualTo("ECONNREFUSED");
    assertThat(failed.get(Keys.CLIENT_ADDRESS)).isEqualTo("10.1.2.3");
    assertThat(failed.get(Keys.SERVER_ADDRESS)).isEqualTo("10.1.2.80");
    assertThat(failed.get(Keys.SERVER_PORT)).isEqualTo(40_000L);
  }

  @Test
  void aFailedConnectStandsInTheSpanInWhichItBegan() {
    telemetry.contexts = new OneThread(321, 322, 5_000_000_000L);
    bind(type.forLooking());

    kernel.emit("flow_events", event(FlowEvent.FAILED, Flow.CLIENT, 2, ECONNREFUSED));

    assertThat(telemetry.events.getFirst().span()).isEqualTo(OneThread.SPAN);
  }

  @Test
  void aConnectionIsLinkedToTheSpanInWhichItWasOpenedHoweverLongAgo() {
    var known = new AtomicReference<ThreadContexts>(new OneThread(321, 322, 5_000_000_000L));
    telemetry.contexts =
        new ThreadContexts() {
          @Override
          public int pid() {
            return 321;
          }

          @Override
          public SpanContext at(int pid, int tid, long bootTimeNs) {
            return known.get().at(pid, tid, bootTimeNs);
          }
        };
    bind(TcpConnectionOptionsBuilder.everything().build());

    kernel.emit("flow_events", event(FlowEvent.BEGUN, Flow.CLIENT, 2, 0));
    var reportedThen = telemetry.events.size() + telemetry.spans.size();
    known.set(ThreadContexts.NONE);
    kernel.emit("flow_events", event(FlowEvent.CLOSED, Flow.CLIENT, 2, 0));
    kernel.emit("flow_events", event(FlowEvent.CLOSED, Flow.CLIENT, 2, 0));

    assertThat(kernel.globals).containsEntry("begun_by_pid", 321L);
    assertThat(reportedThen).isZero();
    assertThat(telemetry.spans.get(0).links()).containsExactly(OneThread.SPAN);
    assertThat(telemetry.spans.get(0).parent().isValid()).isFalse();
    assertThat(telemetry.spans.get(1).links()).isEmpty();
  }

  @Test
  void noSpanIsClaimedForWhoAccepts() {
    telemetry.contexts = new OneThread(321, 322, 5_000_000_000L);
    bind(TcpConnectionOptionsBuilder.everything().build());

    kernel.emit("flow_events", event(FlowEvent.CLOSED, Flow.SERVER, 2, 0));

    assertThat(telemetry.spans.getFirst().links()).isEmpty();
  }

  @Test
  void saysNothingOfAProcessThatNobodyKnows() {
    bind(type.forLooking());

    kernel.emit("flow_events", event(FlowEvent.CLOSED, Flow.SERVER, 0, 0));

    var closed = telemetry.events.getFirst();
    assertThat(closed.get(Keys.PROCESS_PID)).isNull();
    assertThat(closed.get(Keys.RINGSIDE_NETWORK_TCP_OWNER)).isNull();
    assertThat(closed.get(Keys.SERVER_PORT)).isEqualTo(443L);
  }

  @Test
  void aProcessThatBecameAnotherProgramHasItsNames() {
    bind(type.forLooking());
    var other = new Owner(PROCESS, OWNER.cgroupNode(), OWNER.execId() + 1);
    var closed = event(FlowEvent.CLOSED, Flow.SERVER, 2, 0);

    kernel.emit("owner_names", new OwnerNames(4_300_000_000L, other.key(), "other", CGROUP));
    kernel.emit("flow_events", closed);

    assertThat(telemetry.events.getFirst().get(Keys.PROCESS_EXECUTABLE_NAME)).isEqualTo("web");
  }

  @Test
  void saysThePidOfAnOwnerWhoseNamesNeverCame() {
    type.create(type.forLooking()).bind(kernel, telemetry);

    kernel.emit("flow_events", event(FlowEvent.CLOSED, Flow.SERVER, 2, 0));

    assertThat(telemetry.events.getFirst().get(Keys.PROCESS_PID)).isEqualTo(321L);
    assertThat(telemetry.events.getFirst().get(Keys.PROCESS_EXECUTABLE_NAME)).isNull();
  }

  @Test
  void tellsLocalAndPeerWhereNobodyKnowsWhichIsTheServer() {
    bind(type.forLooking());

    kernel.emit("flow_events", event(FlowEvent.RESET, 0, 2, 0));

    var reset = telemetry.events.getFirst();
    assertThat(reset.type()).isEqualTo(Events.NETWORK_TCP_RESET);
    assertThat(reset.get(Keys.NETWORK_LOCAL_ADDRESS)).isEqualTo("10.1.2.3");
    assertThat(reset.get(Keys.NETWORK_PEER_PORT)).isEqualTo(40_000L);
    assertThat(reset.get(Keys.SERVER_PORT)).isNull();
    assertThat(reset.get(Keys.NETWORK_IO_DIRECTION)).isEqualTo("receive");
    assertThat(reset.get(Keys.RINGSIDE_NETWORK_TCP_RESET_REASON)).isEqualTo("1000");
  }

  @Test
  void tellsAChangeOfStateAndHowLongTheOneBeforeLasted() {
    bind(TcpConnectionOptionsBuilder.everything().withStates().build());
    var flow = event(FlowEvent.CLOSED, Flow.SERVER, 2, 0).flow();

    kernel.emit("flow_states", new FlowState(9_000_000_000L, flow, 250_000_000L, 1, 8));
    kernel.emit("flow_states", new FlowState(9_000_000_000L, flow, 0, 1, 8));

    var changed = telemetry.events.getFirst();
    assertThat(changed.type()).isEqualTo(Events.NETWORK_TCP_STATE_CHANGED);
    assertThat(changed.get(Keys.RINGSIDE_NETWORK_TCP_STATE_PREVIOUS)).isEqualTo("established");
    assertThat(changed.get(Keys.NETWORK_CONNECTION_STATE)).isEqualTo("close_wait");
    assertThat(changed.get(Keys.RINGSIDE_NETWORK_TCP_STATE_DURATION)).isEqualTo(0.25);
    assertThat(changed.get(Keys.PROCESS_EXECUTABLE_NAME)).isEqualTo("web");
    assertThat(telemetry.events.getLast().get(Keys.RINGSIDE_NETWORK_TCP_STATE_DURATION)).isNull();
  }

  @Test
  void hasNoProgramsForChangesOfStateThatNobodyAskedFor() {
    bind(type.forLooking());

    assertThat(kernel.leftOut).contains("on_last_state", "on_next_state");
    assertThat(kernel.listensTo("flow_states")).isFalse();
    assertThat(kernel.sizes).containsEntry("flow_states", 4096L).containsEntry("states_since", 1L);
  }

  @Test
  void makesASpanOfAConnectionFromItsFirstSyn() {
    bind(TcpConnectionOptionsBuilder.everything().build());

    kernel.emit("flow_events", event(FlowEvent.CLOSED, Flow.CLIENT, 2, ECONNRESET));

    assertThat(telemetry.spans)
        .singleElement()
        .satisfies(span -> {
          assertThat(span.name()).isEqualTo("tcp client 40000");
          assertThat(span.start()).isEqualTo(5_000_000_000L);
          assertThat(span.end()).isEqualTo(9_000_000_000L);
          assertThat(span.error()).isEqualTo("connection_reset");
          assertThat(span.events())
              .containsExactly(
                  Map.entry("ringside.network.tcp.established", 5_500_000_000L),
                  Map.entry("ringside.network.tcp.closing", 8_000_000_000L));
          assertThat(span.get(Keys.PROCESS_PID)).isEqualTo(321L);
        });
  }

  @Test
  void makesSpansOfAPartOfAllConnectionsAndThenOfBothEnds() {
    bind(TcpConnectionOptionsBuilder.everything().spanRatio(0.25).build());

    for (int port = 40_000; port < 41_000; port++) {
      kernel.emit("flow_events", between(CLIENT_ADDRESS, port, SERVER_ADDRESS, 443, Flow.CLIENT));
      kernel.emit("flow_events", between(SERVER_ADDRESS, 443, CLIENT_ADDRESS, port, Flow.SERVER));
    }

    assertThat(telemetry.spans.size()).isBetween(2 * 200, 2 * 300);
    assertThat(telemetry.spans.stream().map(s -> s.get(Keys.CLIENT_PORT)).distinct())
        .hasSize(telemetry.spans.size() / 2);
    assertThat(telemetry.events).hasSize(2000);
  }

  private void bind(TcpConnectionOptions options) {
    type.create(options).bind(kernel, telemetry);
    kernel.emit("owner_names", names("web", CGROUP));
  }

  static OwnerNames names(String executable, CgroupNames cgroup) {
    return new OwnerNames(4_200_000_000L, OWNER.key(), executable, cgroup);
  }

  private static FlowEvent between(
      IpAddress local, int localPort, IpAddress remote, int remotePort, int role) {
    var flow = new Flow(1, 2, 3, local, remote, OWNER, 5, localPort, remotePort, role, false, 2, 1);
    return new FlowEvent(4, flow, 0, 0, 0, 0, 0, FlowEvent.CLOSED, 0, 0);
  }

  /// Between 10.1.2.3:443 and its peer 10.1.2.80:40000.
  static FlowEvent event(int kind, int role, int owned, int error) {
    var local = SERVER_ADDRESS;
    var remote = CLIENT_ADDRESS;
    var flow =
        new Flow(
            5_000_000_000L,
            5_500_000_000L,
            8_000_000_000L,
            local,
            remote,
            OWNER,
            (int) 4_026_531_840L,
            443,
            40_000,
            role,
            false,
            owned,
            1);
    int reason = kind == FlowEvent.RESET ? 1_001 : 0; // which no kernel has
    return new FlowEvent(9_000_000_000L, flow, 5000, 70, 400, 2, error, kind, 1, reason);
  }
}
