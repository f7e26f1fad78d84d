package dev.ringside.receivers.linux;

import java.util.Map;

/// Why a connection failed, in the words that OpenTelemetry has for sockets (those of .NET).
public final class ConnectionError {
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("ECONNREFUSED", "connection_refused"),
          Map.entry("ECONNRESET", "connection_reset"),
          // What the kernel says of a reset after the peer has ended its side.
          Map.entry("EPIPE", "connection_reset"),
          Map.entry("ECONNABORTED", "connection_aborted"),
          Map.entry("ETIMEDOUT", "timed_out"),
          Map.entry("EHOSTUNREACH", "host_unreachable"),
          Map.entry("EHOSTDOWN", "host_unreachable"),
          Map.entry("ENETUNREACH", "network_unreachable"),
          Map.entry("ENETDOWN", "network_unreachable"),
          Map.entry("EADDRNOTAVAIL", "address_not_available"),
          Map.entry("EACCES", "access_denied"),
          Map.entry("EPERM", "access_denied"));

  private ConnectionError() {}

  /// The value of `error.type` for an errno; null for success (0).
  public static String type(int errno) {
    if (errno == 0) return null;
    String name = Errno.name(errno);
    return name == null ? "_OTHER" : TYPES.getOrDefault(name, "_OTHER");
  }
}
