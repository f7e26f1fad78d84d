package dev.ringside.receivers.telemetry;

import java.time.Instant;

/// A machine that was booted at a round moment.
final class BootClock implements WallClock {
  static final long BOOT_UNIX_NS = 1_700_000_000_000_000_000L;

  @Override
  public long unixNanos(long bootTimeNs) {
    return BOOT_UNIX_NS + bootTimeNs;
  }

  @Override
  public Instant processCreation(long startBootTimeNs) {
    return Instant.ofEpochSecond(1_700_000_000L)
        .plusNanos(startBootTimeNs / 10_000_000L * 10_000_000L);
  }
}
