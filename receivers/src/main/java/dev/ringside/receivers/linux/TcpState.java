package dev.ringside.receivers.linux;

import dev.ringside.semconv.Values;

/// States of a TCP socket, by the numbers of `include/net/tcp_states.h`, which programs see
/// (`TCP_INFO`) and which therefore do not change.
public final class TcpState {
  private static final String[] NAMES = {
    null,
    Values.NetworkConnectionState.ESTABLISHED,
    Values.NetworkConnectionState.SYN_SENT,
    Values.NetworkConnectionState.SYN_RECEIVED,
    Values.NetworkConnectionState.FIN_WAIT_1,
    Values.NetworkConnectionState.FIN_WAIT_2,
    Values.NetworkConnectionState.TIME_WAIT,
    Values.NetworkConnectionState.CLOSED,
    Values.NetworkConnectionState.CLOSE_WAIT,
    Values.NetworkConnectionState.LAST_ACK,
    Values.NetworkConnectionState.LISTEN,
    Values.NetworkConnectionState.CLOSING,
  };

  private TcpState() {}

  /// The value of `network.connection.state`; null when there is no such state.
  public static String name(int state) {
    return state < 0 || state >= NAMES.length ? null : NAMES[state];
  }
}
