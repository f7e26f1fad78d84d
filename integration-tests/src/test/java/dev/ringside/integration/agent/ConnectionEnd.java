package dev.ringside.integration.agent;

import dev.ringside.integration.workload.Truth;
import java.util.List;
import java.util.Map;

/// One end of a connection, as the workload and the agent both tell it.
///
/// @param error its `error.type`; "" for none
record ConnectionEnd(
    String role,
    long pid,
    long clientPort,
    long serverPort,
    long sent,
    long received,
    String error) {

  /// Both of an established one.
  static List<ConnectionEnd> of(Truth.Connection c) {
    boolean isReset = c.name().equals("reset");
    return List.of(
        new ConnectionEnd(
            "client",
            c.pid(),
            c.clientPort(),
            c.serverPort(),
            c.sent(),
            c.received(),
            isReset ? "connection_reset" : ""),
        new ConnectionEnd(
            "server",
            c.pid(),
            c.clientPort(),
            c.serverPort(),
            c.received(),
            c.sent(),
            isReset ? "connection_aborted" : ""));
  }

  /// As an event or a span has it.
  static ConnectionEnd of(Map<String, Object> attributes) {
    return new ConnectionEnd(
        (String) attributes.get("ringside.network.tcp.handshake.role"),
        (long) attributes.get("process.pid"),
        (long) attributes.get("client.port"),
        (long) attributes.get("server.port"),
        (long) attributes.get("ringside.network.tcp.transmit.size"),
        (long) attributes.get("ringside.network.tcp.receive.size"),
        (String) attributes.getOrDefault("error.type", ""));
  }
}
