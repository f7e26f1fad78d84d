package dev.ringside.bpf;

/// One ring's account at one moment. `produced = handled + failed + lost + what is still waiting`.
///
/// @param name the ring's name in C
/// @param produced events there were, counted in the kernel, lost ones included
/// @param lost events for which the ring had no room, counted in the kernel
/// @param handled events whose handler returned
/// @param failed events whose handler threw, or that did not fit their struct
/// @param sizeBytes the ring's capacity
/// @param waitingBytes bytes in the ring that are not read yet
public record RingStatistics(
    String name,
    long produced,
    long lost,
    long handled,
    long failed,
    long sizeBytes,
    long waitingBytes) {}
