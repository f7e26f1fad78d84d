package dev.ringside.receivers;

/// Something that happened to a connection: `struct flow_event`.
///
/// @param time nanoseconds of CLOCK_BOOTTIME
/// @param sent bytes, of a connection that ended
/// @param received bytes, of a connection that ended
/// @param smoothedRttUs microseconds; 0 if none was measured
/// @param retransmits segments, since the first SYN
/// @param error 0, or the errno
/// @param kind what happened, `enum flow_event_kind`
/// @param detail of a reset its direction, of a retransmit its reason
/// @param reason of a reset, one more than `enum sk_rst_reason`; 0 where the kernel gives none
public record FlowEvent(
    long time,
    Flow flow,
    long sent,
    long received,
    int smoothedRttUs,
    int retransmits,
    int error,
    int kind,
    int detail,
    int reason) {
  static final int CLOSED = 0;
  static final int FAILED = 1;
  static final int RESET = 2;
  static final int RETRANSMIT = 3;
  static final int SLOW_HANDSHAKE = 4;
  static final int BEGUN = 5;
}
