package dev.ringside.receivers;

import dev.ringside.bpf.Probe;

/// How many bytes a ring has.
final class RingSize {
  private static final long PAGE = 4096;

  private RingSize() {}

  /// @throws IllegalArgumentException unless it is a power of two of at least a page
  static void check(long ringBytes) {
    if (ringBytes < PAGE || ringBytes > 1 << 30 || Long.bitCount(ringBytes) != 1) {
      throw new IllegalArgumentException(
          "ring_bytes: " + ringBytes + "; a power of two from 4096 to 1073741824");
    }
  }

  /// Gives a ring its size, or the least there is when nobody listens: its memory is locked.
  static void apply(Probe probe, String ring, boolean used, long ringBytes) {
    probe.resize(ring, used ? ringBytes : PAGE);
  }
}
