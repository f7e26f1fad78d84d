package dev.ringside.receivers.telemetry;

import java.time.Instant;

/// Turns the kernel's time into wall time.
///
/// `dev.ringside.bpf.KernelClock` is the real one; tests bring their own, so that they need no
/// kernel. Safe on any thread.
public interface WallClock {

  /// Nanoseconds since the Unix epoch for nanoseconds of CLOCK_BOOTTIME.
  long unixNanos(long bootTimeNs);

  /// When a process with this start time (nanoseconds of CLOCK_BOOTTIME) was created, as readers of
  /// `/proc` compute it.
  Instant processCreation(long startBootTimeNs);
}
