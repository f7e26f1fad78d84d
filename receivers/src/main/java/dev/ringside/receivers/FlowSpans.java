package dev.ringside.receivers;

import dev.ringside.receivers.linux.ConnectionError;
import dev.ringside.receivers.linux.IpAddress;
import dev.ringside.receivers.telemetry.CompletedSpanBuilder;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Spans;
import dev.ringside.semconv.Values;

/// Makes a span of each connection whose beginning was seen, from its first SYN to its end.
///
/// @param ratio of how many; the addresses and ports decide, so that both ends are told or none
record FlowSpans(
    Telemetry telemetry,
    Owners owners,
    FlowAttributes attributes,
    ConnectTraces connects,
    double ratio) {
  static final String ESTABLISHED = "ringside.network.tcp.established";
  static final String CLOSING = "ringside.network.tcp.closing";

  void emit(FlowEvent e) {
    var flow = e.flow();
    if (flow.beginTime() == 0 || !isSampled(flow)) return;
    var span =
        telemetry
            .span(Spans.NETWORK_TCP_CONNECTION)
            .name("tcp " + Flow.role(flow.role()) + " " + flow.serverPort())
            .between(flow.beginTime(), e.time())
            .link(connects.of(flow))
            .set(Keys.NETWORK_TRANSPORT, Values.NetworkTransport.TCP)
            .set(Keys.NETWORK_TYPE, Flow.networkType(flow.ipv6()))
            .set(
                Keys.RINGSIDE_NETWORK_NAMESPACE_INODE,
                Integer.toUnsignedLong(flow.networkNamespace()))
            .set(Keys.RINGSIDE_NETWORK_TCP_OWNER, flow.ownerSource())
            .set(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE, Flow.role(flow.role()))
            .set(Keys.RINGSIDE_NETWORK_TCP_TRANSMIT_SIZE, e.sent())
            .set(Keys.RINGSIDE_NETWORK_TCP_RECEIVE_SIZE, e.received())
            .set(Keys.RINGSIDE_NETWORK_TCP_RETRANSMIT_COUNT, e.retransmits());
    if (flow.owned() != 0) {
      var executable = owners.of(flow.owner()).executableName().toString();
      span.set(Keys.PROCESS_PID, flow.owner().process().pid())
          .set(Keys.PROCESS_EXECUTABLE_NAME, ProcessAttributes.orNull(executable));
    }
    if (e.smoothedRttUs() != 0) span.set(Keys.RINGSIDE_NETWORK_TCP_RTT, e.smoothedRttUs() / 1e6);
    if (flow.establishedTime() != 0) span.event(ESTABLISHED, flow.establishedTime());
    if (flow.closingTime() != 0) span.event(CLOSING, flow.closingTime());
    ends(span, flow);
    if (e.error() != 0) span.error(ConnectionError.type(e.error()));
    span.emit();
  }

  private boolean isSampled(Flow flow) {
    if (ratio >= 1) return true;
    long client = mixed(flow.role() == Flow.CLIENT ? flow.local() : flow.remote());
    long server = mixed(flow.role() == Flow.CLIENT ? flow.remote() : flow.local());
    int clientPort = flow.role() == Flow.CLIENT ? flow.localPort() : flow.remotePort();
    long hash = mixed(mixed(client + clientPort) + mixed(server + flow.serverPort()) * 31);
    return (hash >>> 11) * 0x1p-53 < ratio;
  }

  private static long mixed(IpAddress address) {
    return mixed(mixed(address.high()) + address.low());
  }

  /// The finalizer of MurmurHash3, by Austin Appleby: each bit of the input changes each bit of the
  /// output with a probability of a half.
  private static long mixed(long value) {
    long mixed = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ mixed >>> 33;
  }

  private void ends(CompletedSpanBuilder span, Flow flow) {
    boolean client = flow.role() == Flow.CLIENT;
    var connecting = client ? flow.local() : flow.remote();
    var accepting = client ? flow.remote() : flow.local();
    span.set(Keys.CLIENT_ADDRESS, attributes.text(connecting))
        .set(Keys.CLIENT_PORT, client ? flow.localPort() : flow.remotePort())
        .set(Keys.SERVER_ADDRESS, attributes.text(accepting))
        .set(Keys.SERVER_PORT, flow.serverPort());
  }
}
