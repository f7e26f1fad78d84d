package dev.ringside.receivers.telemetry;

/// A machine that was booted at a round moment.
final class BootClock implements WallClock {
  static final long BOOT_UNIX_NS = 1_700_000_000_000_000_000L;

  @Override
  public long unixNanos(long bootTimeNs) {
    return BOOT_UNIX_NS + bootTimeNs;
  }

  @Override
  public long processCreation(long startBootTimeNs) {
    return 1_700_000_000_000_000_000L + startBootTimeNs / 10_000_000L * 10_000_000L;
  }
}
