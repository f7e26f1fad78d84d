package dev.ringside.receivers;

import dev.ringside.receivers.linux.IpAddress;
import dev.ringside.receivers.telemetry.EventBuilder;
import dev.ringside.receivers.telemetry.SharedAttributes;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Values;

/// Which connection an event is about. For the polling thread.
///
/// Many connections are alike but for the client's port, so what takes time to say is kept for a
/// while.
final class FlowAttributes {
  private static final int KEPT = 256;

  /// What is the same of all connections of a kind.
  private record Kind(int networkNamespace, boolean ipv6, int owned, int role) {
    static Kind of(Flow flow) {
      return new Kind(flow.networkNamespace(), flow.ipv6(), flow.owned(), flow.role());
    }

    boolean isOf(Flow flow) {
      return networkNamespace == flow.networkNamespace()
          && ipv6 == flow.ipv6()
          && owned == flow.owned()
          && role == flow.role();
    }

    int place() {
      return (networkNamespace * 31 + owned * 4 + role * 2 + (ipv6 ? 1 : 0)) & KEPT - 1;
    }
  }

  private record KnownKind(Kind kind, SharedAttributes attributes) {}

  private record KnownServer(IpAddress address, int port, SharedAttributes attributes) {}

  private record KnownAddress(IpAddress address, String text) {}

  private final KnownKind[] kinds = new KnownKind[KEPT];
  private final KnownServer[] servers = new KnownServer[KEPT];
  private final KnownAddress[] addresses = new KnownAddress[KEPT];

  void describe(EventBuilder event, Flow flow) {
    event.set(kind(flow));
    switch (flow.role()) {
      case Flow.CLIENT -> {
        // A connect that failed at once has no end of its own yet.
        if (flow.localPort() != 0) client(event, flow.local(), flow.localPort());
        event.set(server(flow.remote(), flow.remotePort()));
      }
      case Flow.SERVER -> {
        // Who listens has no client yet.
        if (flow.remotePort() != 0) client(event, flow.remote(), flow.remotePort());
        event.set(server(flow.local(), flow.localPort()));
      }
      default ->
          event
              .set(Keys.NETWORK_LOCAL_ADDRESS, text(flow.local()))
              .set(Keys.NETWORK_LOCAL_PORT, flow.localPort())
              .set(Keys.NETWORK_PEER_ADDRESS, text(flow.remote()))
              .set(Keys.NETWORK_PEER_PORT, flow.remotePort());
    }
  }

  /// The same of a segment without a socket, whose remote is where it came from.
  void describeSegment(EventBuilder event, Flow flow) {
    event
        .set(kind(flow))
        .set(Keys.SOURCE_ADDRESS, text(flow.remote()))
        .set(Keys.SOURCE_PORT, flow.remotePort())
        .set(Keys.DESTINATION_ADDRESS, text(flow.local()))
        .set(Keys.DESTINATION_PORT, flow.localPort());
  }

  /// As [IpAddress#toString].
  String text(IpAddress address) {
    int place = place(address, 0);
    var known = addresses[place];
    if (known == null || !known.address.equals(address)) {
      known = new KnownAddress(address, address.toString());
      addresses[place] = known;
    }
    return known.text;
  }

  private void client(EventBuilder event, IpAddress address, int port) {
    event.set(Keys.CLIENT_ADDRESS, text(address)).set(Keys.CLIENT_PORT, port);
  }

  private SharedAttributes server(IpAddress address, int port) {
    int place = place(address, port);
    var known = servers[place];
    if (known == null || known.port != port || !known.address.equals(address)) {
      var attributes =
          SharedAttributes.builder()
              .set(Keys.SERVER_ADDRESS, text(address))
              .set(Keys.SERVER_PORT, (long) port)
              .build();
      known = new KnownServer(address, port, attributes);
      servers[place] = known;
    }
    return known.attributes;
  }

  private SharedAttributes kind(Flow flow) {
    var kind = Kind.of(flow);
    int place = kind.place();
    var known = kinds[place];
    if (known == null || !known.kind.isOf(flow)) {
      known = new KnownKind(kind, attributes(flow));
      kinds[place] = known;
    }
    return known.attributes;
  }

  private static SharedAttributes attributes(Flow flow) {
    return SharedAttributes.builder()
        .set(Keys.NETWORK_TRANSPORT, Values.NetworkTransport.TCP)
        .set(Keys.NETWORK_TYPE, Flow.networkType(flow.ipv6()))
        .set(
            Keys.RINGSIDE_NETWORK_NAMESPACE_INODE,
            flow.networkNamespace() == 0 ? null : Integer.toUnsignedLong(flow.networkNamespace()))
        .set(Keys.RINGSIDE_NETWORK_TCP_OWNER, flow.ownerSource())
        .set(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE, Flow.role(flow.role()))
        .build();
  }

  private static int place(IpAddress address, int port) {
    long mixed = (address.high() * 31 + address.low()) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 40) + port & KEPT - 1;
  }
}
