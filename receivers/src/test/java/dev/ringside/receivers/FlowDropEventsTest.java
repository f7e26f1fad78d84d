package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.receivers.FlowDrops.DropKey;
import dev.ringside.receivers.RecordingTelemetry.Event;
import dev.ringside.receivers.linux.IpAddress;
import dev.ringside.receivers.linux.IpNetwork;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import dev.ringside.semconv.Registry;
import io.opentelemetry.api.common.Attributes;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FlowDropEventsTest {
  private static final IpAddress LOCAL = IpNetwork.parse("10.1.2.3").address();
  private static final IpAddress REMOTE = IpNetwork.parse("10.1.2.80").address();
  private static final int OPENER = 2;
  private static final int RECEIVE = 1;

  private final RecordingTelemetry telemetry = new RecordingTelemetry();
  private final KernelReasons reasons = KernelReasonsTest.REASONS;
  private final Owners owners = new Owners();
  private final FlowDropEvents events =
      new FlowDropEvents(telemetry, owners, reasons, DropPlaces.unnamed());

  @Test
  void tellsWhoseSegmentWasDroppedAndWhy() {
    events.emit(drop(Flow.SERVER, OPENER, RECEIVE, true, 0));

    assertThat(only().type()).isEqualTo(Events.NETWORK_TCP_DROP);
    assertThat(only().time()).isEqualTo(9_000_000_000L);
    assertThat(only().attributes())
        .containsOnly(
            Map.entry(Keys.PROCESS_PID, 321L),
            Map.entry(Keys.PROCESS_CREATION_TIME, "1970-01-01T00:00:04.120Z"),
            Map.entry(Keys.PROCESS_EXECUTABLE_NAME, "web"),
            Map.entry(Keys.PROCESS_USER_ID, 7L),
            Map.entry(Keys.THREAD_NAME, "web-worker"),
            Map.entry(Keys.CONTAINER_ID, "0123456789abcdef".repeat(4)),
            Map.entry(Keys.NETWORK_TRANSPORT, "tcp"),
            Map.entry(Keys.NETWORK_TYPE, "ipv4"),
            Map.entry(Keys.RINGSIDE_NETWORK_NAMESPACE_INODE, 5L),
            Map.entry(Keys.RINGSIDE_NETWORK_TCP_OWNER, "opener"),
            Map.entry(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE, "server"),
            Map.entry(Keys.NETWORK_CONNECTION_STATE, "established"),
            Map.entry(Keys.NETWORK_IO_DIRECTION, "receive"),
            Map.entry(Keys.RINGSIDE_NETWORK_TCP_DROP_REASON, "no_socket"),
            Map.entry(Keys.CLIENT_ADDRESS, "10.1.2.80"),
            Map.entry(Keys.CLIENT_PORT, 40_000L),
            Map.entry(Keys.SERVER_ADDRESS, "10.1.2.3"),
            Map.entry(Keys.SERVER_PORT, 443L));
  }

  @Test
  void tellsTheSegmentsOwnEndsWhereThereIsNoSocket() {
    events.emit(drop(0, 0, FlowDrop.UNKNOWN_DIRECTION, false, 0));

    assertThat(only().get(Keys.SOURCE_ADDRESS)).isEqualTo("10.1.2.80");
    assertThat(only().get(Keys.SOURCE_PORT)).isEqualTo(40_000L);
    assertThat(only().get(Keys.DESTINATION_ADDRESS)).isEqualTo("10.1.2.3");
    assertThat(only().get(Keys.DESTINATION_PORT)).isEqualTo(443L);
    assertThat(only().get(Keys.NETWORK_IO_DIRECTION)).isNull();
    assertThat(only().get(Keys.PROCESS_PID)).isNull();
  }

  @Test
  void tellsLocalAndPeerOfASocketWhoseRoleNobodyKnows() {
    events.emit(drop(0, 0, RECEIVE, true, 0));

    assertThat(only().get(Keys.NETWORK_LOCAL_ADDRESS)).isEqualTo("10.1.2.3");
    assertThat(only().get(Keys.NETWORK_PEER_PORT)).isEqualTo(40_000L);
    assertThat(only().get(Keys.SOURCE_ADDRESS)).isNull();
  }

  @Test
  void tellsHowManyWereNotToldSinceTheEventBefore() {
    events.emit(drop(Flow.SERVER, OPENER, RECEIVE, true, 0));
    events.emit(drop(Flow.SERVER, OPENER, RECEIVE, true, 70));
    events.emit(drop(Flow.SERVER, OPENER, RECEIVE, true, 70));
    events.emit(drop(Flow.SERVER, OPENER, RECEIVE, true, 75));

    assertThat(telemetry.events)
        .extracting(e -> e.get(Keys.RINGSIDE_NETWORK_TCP_DROP_SKIPPED_COUNT))
        .containsExactly(null, 70L, null, 5L);
  }

  @Test
  void isOffUntilItIsAskedForAndCountsAllTheSame() {
    var kernel = new FakeProbe();
    var type = new TcpConnectionType();
    type.create(type.forLooking()).bind(kernel, telemetry);
    kernel.row("drop_counts", new DropKey(0, 1_000_000, true), 3L);

    var counted = telemetry.counter(Metrics.NETWORK_TCP_DROPS);

    assertThat(kernel.globals).containsEntry("drop_events", 0L);
    assertThat(kernel.listensTo("flow_drops")).isFalse();
    assertThat(kernel.sizes).containsEntry("flow_drops", 4096L);
    assertThat(counted)
        .containsExactly(
            Map.entry(
                Attributes.of(
                    Keys.NETWORK_TYPE, "ipv6", Keys.RINGSIDE_NETWORK_TCP_DROP_REASON, "1000000"),
                3L));
  }

  @Test
  void saysAllThatTheRegistryHasAndNothingElse() {
    var named = new FlowDropEvents(telemetry, owners, reasons, DropPlacesTest.PLACES);
    named.emit(drop(Flow.CLIENT, OPENER, RECEIVE, true, 1));
    named.emit(drop(0, 0, RECEIVE, true, 1));
    named.emit(drop(0, 0, FlowDrop.UNKNOWN_DIRECTION, false, 1));
    var byReason = FlowDrops.attributes(new DropKey(0, 3, false), reasons, DropPlacesTest.PLACES);
    var byPlace = FlowDrops.attributes(new DropKey(3, 0, false), reasons, DropPlacesTest.PLACES);

    assertThat(telemetry.events.stream().flatMap(e -> e.attributes().keySet().stream()))
        .containsAll(Registry.attributes(Events.NETWORK_TCP_DROP).keySet())
        .isSubsetOf(Registry.attributes(Events.NETWORK_TCP_DROP).keySet());
    assertThat(byReason.toBuilder().putAll(byPlace).build().asMap().keySet())
        .containsExactlyInAnyOrderElementsOf(
            Registry.attributes(Metrics.NETWORK_TCP_DROPS).keySet());
    assertThat(byPlace.get(Keys.CODE_FUNCTION_NAME)).isEqualTo("tcp_v4_rcv");
    assertThat(byReason.get(Keys.CODE_FUNCTION_NAME)).isNull();
  }

  private Event only() {
    assertThat(telemetry.events).hasSize(1);
    return telemetry.events.getFirst();
  }

  @BeforeEach
  void knowsTheOwner() {
    var cgroup = new CgroupNames("0123456789abcdef".repeat(4), "docker", "", "");
    owners.told(TcpConnectionEventsTest.names("web", cgroup));
  }

  private static FlowDrop drop(
      int role, int owned, int direction, boolean hasSocket, long skipped) {
    var owner = TcpConnectionEventsTest.OWNER;
    var flow = new Flow(0, 0, 0, LOCAL, REMOTE, owner, 5, 443, 40_000, role, false, owned, 1);
    var frames = DropPlacesTest.frames(1, 3, 4);
    return new FlowDrop(9_000_000_000L, flow, 3, skipped, 3, direction, hasSocket, frames);
  }
}
