package dev.ringside.receivers;

import dev.ringside.receivers.linux.IpAddress;
import dev.ringside.semconv.Values;

/// A connection as one of its ends sees it: `struct flow`. Times are nanoseconds of CLOCK_BOOTTIME.
///
/// @param beginTime the first SYN, or the first SYN and ACK; 0 if not seen
/// @param establishedTime 0 if never, or not seen
/// @param closingTime the first FIN, either way; 0 if there was none
/// @param networkNamespace its inode's number, unsigned
/// @param role 1 the client, 2 the server
/// @param owned how the owner is known, `enum owned`
/// @param state before what the event is about
public record Flow(
    long beginTime,
    long establishedTime,
    long closingTime,
    IpAddress local,
    IpAddress remote,
    Owner owner,
    int networkNamespace,
    int localPort,
    int remotePort,
    int role,
    boolean ipv6,
    int owned,
    int state) {
  static final int CLIENT = 1;
  static final int SERVER = 2;

  // enum owned
  static final int LISTENER = 1;
  static final int OPENER = 2;
  static final int HOLDER = 3;

  static String role(int role) {
    return switch (role) {
      case CLIENT -> Values.NetworkTcpHandshakeRole.CLIENT;
      case SERVER -> Values.NetworkTcpHandshakeRole.SERVER;
      default -> null;
    };
  }

  static String networkType(boolean ipv6) {
    return ipv6 ? Values.NetworkType.IPV6 : Values.NetworkType.IPV4;
  }

  String ownerSource() {
    return switch (owned) {
      case LISTENER -> Values.NetworkTcpOwner.LISTENER;
      case OPENER -> Values.NetworkTcpOwner.OPENER;
      case HOLDER -> Values.NetworkTcpOwner.HOLDER;
      default -> null;
    };
  }

  int serverPort() {
    return role == SERVER ? localPort : remotePort;
  }
}
