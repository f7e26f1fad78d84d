package dev.ringside.receivers;

/// A change of a socket's state: `struct flow_state`.
///
/// @param time nanoseconds of CLOCK_BOOTTIME
/// @param lasted how long it was in the state before, in nanoseconds; 0 if nobody knows since when
/// @param from the state before, `enum tcp_state`
/// @param to the state after
public record FlowState(long time, Flow flow, long lasted, int from, int to) {}
