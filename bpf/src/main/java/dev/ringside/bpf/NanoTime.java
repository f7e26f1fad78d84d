package dev.ringside.bpf;

import java.util.OptionalLong;
import java.util.function.LongSupplier;

/// Turns the kernel's CLOCK_BOOTTIME into the time of [System#nanoTime].
///
/// That is CLOCK_MONOTONIC in HotSpot, and the two clocks of the kernel go at one pace: they differ
/// by how long the machine slept, which changes only while it sleeps. So their distance is measured
/// each time. Where it has become another one, nothing is said of what happened before that was
/// seen: nobody knows on which side of the sleep it was.
///
/// Any thread may call.
public final class NanoTime {
  /// What measurements differ by at most without a sleep, beside the time that they took.
  private static final long SLEEP_NS = 1_000_000;

  private static final int FIRST_MEASUREMENTS = 16;

  private final LongSupplier bootNs;
  private final LongSupplier nanoTime;

  private Distance best;
  private long heldSinceBootNs = Long.MIN_VALUE;

  /// @param withinNs how far off it may be
  private record Distance(long bootMinusNano, long withinNs, long bootNs) {}

  NanoTime(LongSupplier bootNs, LongSupplier nanoTime) {
    this.bootNs = bootNs;
    this.nanoTime = nanoTime;
    best = measure();
    for (int i = 1; i < FIRST_MEASUREMENTS; i++) refresh();
  }

  public static NanoTime start() {
    return new NanoTime(SystemClocks.ofThisMachine()::bootNs, System::nanoTime);
  }

  /// What [System#nanoTime] was at a time of CLOCK_BOOTTIME, in nanoseconds both; empty for the
  /// future, and where the machine has slept since.
  public synchronized OptionalLong of(long bootTimeNs) {
    long now = refresh();
    return bootTimeNs < heldSinceBootNs || bootTimeNs > now
        ? OptionalLong.empty()
        : OptionalLong.of(bootTimeNs - best.bootMinusNano);
  }

  private long refresh() {
    var measured = measure();
    long off = Math.abs(measured.bootMinusNano - best.bootMinusNano);
    if (off > SLEEP_NS + measured.withinNs + best.withinNs) {
      best = measured;
      heldSinceBootNs = measured.bootNs;
    } else if (measured.withinNs < best.withinNs) {
      best = measured;
    }
    return measured.bootNs;
  }

  private Distance measure() {
    long before = nanoTime.getAsLong();
    long boot = bootNs.getAsLong();
    long took = nanoTime.getAsLong() - before;
    long distance = boot - (before + took / 2);
    // A machine that never slept has one time, exactly.
    boolean same = Math.abs(distance) <= took;
    return new Distance(same ? 0 : distance, same ? 0 : took, boot);
  }
}
