package dev.ringside.receivers;

import dev.ringside.bpf.Text;

/// A segment that the kernel dropped: `struct drop_event`.
///
/// @param time nanoseconds of CLOCK_BOOTTIME
/// @param flow whose it was, as far as that is known; without a socket, local is its destination
/// @param place an address in the kernel's code
/// @param skipped how many drops were not told since the receiver came
/// @param reason `enum skb_drop_reason`; 0 where the kernel gives none
/// @param direction 0 to be sent, 1 came, 2 unknown
/// @param kernelFrames addresses of eight bytes each, the innermost first
public record FlowDrop(
    long time,
    Flow flow,
    long place,
    long skipped,
    int reason,
    int direction,
    boolean hasSocket,
    Text kernelFrames) {
  static final int UNKNOWN_DIRECTION = 2;
}
