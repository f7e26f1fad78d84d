package dev.ringside.receivers;

import java.time.Duration;
import java.util.List;

/// Options of `tcp_connection`.
public record TcpConnectionOptions(
    @Option(value = "Only connections of this process; 0 is all", min = 0, max = 4_194_304) int pid,
    @Option(value = "Only of this effective user id; -1 is all", min = -1, max = 4_294_967_294L)
        long uid,
    @Option(
            "Only of this cgroup and those below it, as /proc/PID/cgroup shows it behind 0::; empty is all")
        String cgroup,
    @Option("Only of threads of this name (comm, at most 15 bytes); empty is all") String command,
    @Option("Only the end that connects (client), or the one that accepts (server)") Role role,
    @Option("Only what travels by ipv4, or by ipv6") Family family,
    @Option(value = "Only this port of the server; 0 is all", min = 0, max = 65_535) int port,
    @Option(
            "Only peers with this address, or in this network, such as 10.0.0.0/8 or fd00::/8; empty is all")
        String peer,
    @Option("Emit ringside.network.tcp.connection.closed, connect.failed and reset") boolean events,
    @Option("Emit ringside.network.tcp.retransmit, too") boolean retransmits,
    @Option("Emit ringside.network.tcp.state.changed, too") boolean states,
    @Option("Emit ringside.network.tcp.drop, too, with the way through the kernel") boolean drops,
    @Option(
            value = "Segments told as dropped in a second, at most; 0 is all",
            min = 0,
            max = 1_000_000)
        int dropsPerSecond,
    @Option(
            "Emit ringside.network.tcp.handshake.slow of those that took at least this long; 0 is none")
        Duration slowHandshake,
    @Option("Closed connections only if they were cut") boolean failedOnly,
    @Option("Closed connections only if they were open at least this long") Duration minDuration,
    @Option("Emit a span for each connection, with its phases as events") boolean spans,
    @Option("Spans of this part of all connections, 0 to 1: both ends of one, or neither")
        double spanRatio,
    @Option(
            "Further attributes of the histograms, bytes, retransmits and resets: server.address, server.port, process.executable.name")
        List<String> attributes,
    @Option(value = "How many connections are kept at a time", min = 1024, max = 1 << 22)
        int connections,
    @Option(
            value = "Bytes of the ring between the kernel and Ringside, a power of two",
            min = 4096,
            max = 1 << 30)
        long ringBytes) {

  /// Which end.
  public enum Role {
    ANY,
    CLIENT,
    SERVER
  }

  /// Which version of IP.
  public enum Family {
    ANY,
    IPV4,
    IPV6
  }

  static final TcpConnectionOptions DEFAULTS =
      new TcpConnectionOptions(
          0,
          -1,
          "",
          "",
          Role.ANY,
          Family.ANY,
          0,
          "",
          false,
          false,
          false,
          false,
          100,
          Duration.ZERO,
          false,
          Duration.ZERO,
          false,
          1,
          List.of(),
          32_768,
          4 << 20);

  public TcpConnectionOptions {
    attributes = List.copyOf(attributes);
  }

  TcpConnectionOptions withEvents() {
    return new TcpConnectionOptions(
        pid,
        uid,
        cgroup,
        command,
        role,
        family,
        port,
        peer,
        true,
        retransmits,
        states,
        drops,
        dropsPerSecond,
        slowHandshake,
        failedOnly,
        minDuration,
        spans,
        spanRatio,
        attributes,
        connections,
        ringBytes);
  }
}
