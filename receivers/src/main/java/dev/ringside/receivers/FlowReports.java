package dev.ringside.receivers;

import dev.ringside.receivers.linux.ConnectionError;
import dev.ringside.receivers.linux.Errno;
import dev.ringside.receivers.linux.TcpState;
import dev.ringside.receivers.telemetry.EventBuilder;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.semconv.EventType;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;

/// Makes log events, and spans if asked for, of what happened to connections. For the polling
/// thread.
final class FlowReports {
  private final TcpConnectionOptions options;
  private final Telemetry telemetry;
  private final ProcessAttributes processes;
  private final Owners owners;
  private final KernelReasons reasons;
  private final FlowAttributes attributes = new FlowAttributes();
  private final ConnectTraces connects;
  private final FlowSpans spans;

  FlowReports(
      TcpConnectionOptions options, Owners owners, KernelReasons reasons, Telemetry telemetry) {
    this.options = options;
    this.reasons = reasons;
    this.owners = owners;
    this.telemetry = telemetry;
    processes = new ProcessAttributes(telemetry);
    connects = new ConnectTraces(telemetry.contexts());
    spans = new FlowSpans(telemetry, owners, attributes, connects, options.spanRatio());
  }

  void report(FlowEvent flow) {
    if (flow.kind() == FlowEvent.BEGUN) {
      connects.began(flow.flow());
      return;
    }
    boolean over = flow.kind() == FlowEvent.CLOSED || flow.kind() == FlowEvent.FAILED;
    if (options.spans() && over) spans.emit(flow);
    if (options.events()) tell(flow);
    if (over) connects.ended(flow.flow());
  }

  void report(FlowState change) {
    var event =
        begin(Events.NETWORK_TCP_STATE_CHANGED, change.time(), change.flow())
            .set(Keys.NETWORK_CONNECTION_STATE, TcpState.name(change.to()))
            .set(Keys.RINGSIDE_NETWORK_TCP_STATE_PREVIOUS, TcpState.name(change.from()));
    if (change.lasted() != 0)
      event.set(Keys.RINGSIDE_NETWORK_TCP_STATE_DURATION, change.lasted() / 1e9);
    event.emit();
  }

  private void tell(FlowEvent flow) {
    switch (flow.kind()) {
      case FlowEvent.CLOSED -> closed(flow);
      case FlowEvent.FAILED -> failed(flow);
      case FlowEvent.RESET -> reset(flow);
      case FlowEvent.RETRANSMIT -> retransmitted(flow);
      case FlowEvent.SLOW_HANDSHAKE -> slow(flow);
      default -> telemetry.lost("unknown_kind");
    }
  }

  private void closed(FlowEvent e) {
    var flow = e.flow();
    var event = begin(Events.NETWORK_TCP_CONNECTION_CLOSED, e);
    failure(event, e.error());
    event
        .set(Keys.RINGSIDE_NETWORK_TCP_TRANSMIT_SIZE, e.sent())
        .set(Keys.RINGSIDE_NETWORK_TCP_RECEIVE_SIZE, e.received())
        .set(Keys.RINGSIDE_NETWORK_TCP_RETRANSMIT_COUNT, e.retransmits());
    if (e.smoothedRttUs() != 0) {
      event.set(Keys.RINGSIDE_NETWORK_TCP_RTT, e.smoothedRttUs() / 1e6);
    }
    if (flow.establishedTime() != 0) {
      event.set(
          Keys.RINGSIDE_NETWORK_TCP_CONNECTION_DURATION, (e.time() - flow.establishedTime()) / 1e9);
      if (flow.beginTime() != 0) handshake(event, flow);
    }
    event.emit();
  }

  private void failed(FlowEvent e) {
    var event = begin(Events.NETWORK_TCP_CONNECT_FAILED, e);
    failure(event, e.error());
    event
        .in(connects.of(e.flow()))
        .set(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_DURATION, (e.time() - e.flow().beginTime()) / 1e9)
        .set(Keys.RINGSIDE_NETWORK_TCP_RETRANSMIT_COUNT, e.retransmits())
        .emit();
  }

  private void reset(FlowEvent e) {
    begin(Events.NETWORK_TCP_RESET, e)
        .set(Keys.NETWORK_CONNECTION_STATE, TcpState.name(e.flow().state()))
        .set(Keys.NETWORK_IO_DIRECTION, TcpConnectionReceiver.direction(e.detail()))
        .set(Keys.RINGSIDE_NETWORK_TCP_RESET_REASON, reasons.ofReset(e.reason()))
        .emit();
  }

  private void retransmitted(FlowEvent e) {
    begin(Events.NETWORK_TCP_RETRANSMIT, e)
        .set(Keys.NETWORK_CONNECTION_STATE, TcpState.name(e.flow().state()))
        .set(Keys.RINGSIDE_NETWORK_TCP_RETRANSMIT_TYPE, FlowCounts.retransmitType(e.detail()))
        .emit();
  }

  private void slow(FlowEvent e) {
    var event = begin(Events.NETWORK_TCP_HANDSHAKE_SLOW, e);
    handshake(event, e.flow());
    event
        .in(connects.of(e.flow()))
        .set(Keys.RINGSIDE_NETWORK_TCP_RETRANSMIT_COUNT, e.retransmits())
        .emit();
  }

  private static void handshake(EventBuilder event, Flow flow) {
    event.set(
        Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_DURATION,
        (flow.establishedTime() - flow.beginTime()) / 1e9);
  }

  private EventBuilder begin(EventType type, FlowEvent e) {
    return begin(type, e.time(), e.flow());
  }

  private EventBuilder begin(EventType type, long time, Flow flow) {
    var event = telemetry.event(type).at(time);
    if (flow.owned() != 0) {
      var names = owners.of(flow.owner());
      processes.describe(event, flow.owner().process(), names.executableName(), names.cgroup());
    }
    attributes.describe(event, flow);
    return event;
  }

  private static void failure(EventBuilder event, int errno) {
    if (errno == 0) return;
    event
        .set(Keys.ERROR_TYPE, ConnectionError.type(errno))
        .set(Keys.RINGSIDE_ERRNO_NAME, Errno.name(errno));
  }
}
