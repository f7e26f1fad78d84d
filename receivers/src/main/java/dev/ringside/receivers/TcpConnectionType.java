package dev.ringside.receivers;

import dev.ringside.receivers.linux.IpNetwork;
import java.time.Duration;

/// `tcp_connection`: TCP connections, from the first SYN to the end.
public final class TcpConnectionType implements ReceiverType<TcpConnectionOptions> {
  private static final Duration LONGEST = Duration.ofDays(1);

  @Override
  public String name() {
    return "tcp_connection";
  }

  @Override
  public String summary() {
    return "TCP connections: handshakes, failures, durations, bytes, retransmits; off unless asked for";
  }

  @Override
  public TcpConnectionOptions defaults() {
    return TcpConnectionOptions.DEFAULTS;
  }

  @Override
  public TcpConnectionOptions forLooking() {
    return defaults().withEvents();
  }

  /// Where trampolines are refused, every system call on the machine takes longer.
  @Override
  public boolean runsByDefault() {
    return false;
  }

  @Override
  public Receiver create(TcpConnectionOptions options) {
    for (String attribute : options.attributes()) {
      if (!FlowGroups.ATTRIBUTES.contains(attribute)) {
        throw new IllegalArgumentException(
            "attributes: '" + attribute + "'; " + String.join(", ", FlowGroups.ATTRIBUTES));
      }
    }
    check("min_duration", options.minDuration());
    check("slow_handshake", options.slowHandshake());
    if (!(options.spanRatio() >= 0 && options.spanRatio() <= 1))
      throw new IllegalArgumentException("span_ratio: " + options.spanRatio() + "; from 0 to 1");
    RingSize.check(options.ringBytes());
    var filter =
        ProcessFilter.of(options.pid(), options.uid(), options.cgroup(), options.command());
    return new TcpConnectionReceiver(options, filter, peers(options.peer()));
  }

  private static void check(String key, Duration duration) {
    if (!duration.isNegative() && duration.compareTo(LONGEST) <= 0) return;
    throw new IllegalArgumentException(key + ": " + duration + "; from 0 to a day");
  }

  private static IpNetwork peers(String peer) {
    if (peer.isEmpty()) return IpNetwork.ALL;
    try {
      return IpNetwork.parse(peer);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("peer: " + e.getMessage(), e);
    }
  }
}
