package dev.ringside.receivers.telemetry;

import dev.ringside.bpf.KernelClock;

/// Turns the kernel's time into wall time. Safe on any thread.
///
/// [#of] is the real one; tests bring their own, so that they need no kernel.
public interface WallClock {

  /// Nanoseconds since the Unix epoch for nanoseconds of CLOCK_BOOTTIME.
  long unixNanos(long bootTimeNs);

  /// When a process with this start time (nanoseconds of CLOCK_BOOTTIME) was created, as readers of
  /// `/proc` compute it: nanoseconds since the Unix epoch.
  long processCreation(long startBootTimeNs);

  static WallClock of(KernelClock clock) {
    return new WallClock() {
      @Override
      public long unixNanos(long bootTimeNs) {
        return clock.unixNanos(bootTimeNs);
      }

      @Override
      public long processCreation(long startBootTimeNs) {
        return clock.processCreation(startBootTimeNs);
      }
    };
  }
}
