package dev.ringside.bpf;

/// Turns the kernel's CLOCK_BOOTTIME into wall time.
///
/// Kernel programs stamp events with the boot time: unlike CLOCK_MONOTONIC it goes on while the
/// machine sleeps. Its distance to the wall clock changes when somebody sets that, and only then:
/// NTP's slewing changes the pace of both. So it is measured again when an event is some
/// milliseconds newer than the last measurement, and what happened before keeps the distance of
/// then. In doubt is only what waited in a ring while the clock was set: it gets the new time.
///
/// Any thread may call.
public final class KernelClock {
  private static final long REFRESH_NS = 10_000_000;

  /// What measurements differ by when a thread is interrupted in the middle.
  private static final long STEP_NS = 1_000_000;

  /// sysconf(_SC_CLK_TCK): 100 on every Linux that Java runs on.
  private static final long NS_PER_TICK = 10_000_000L;

  private static final long NS_PER_SECOND = 1_000_000_000L;

  private final SystemClocks clocks;
  private volatile Offset offset;

  /// @param atBootNs when it was measured
  /// @param wallMinusBootNs what to add to a boot time
  /// @param until the last boot time for which the one before held
  /// @param before what to add to a boot time up to then
  /// @param bootSecond `btime` of /proc/stat: the wall-clock second of the boot
  private record Offset(
      long atBootNs, long wallMinusBootNs, long until, long before, long bootSecond) {
    long of(long bootTimeNs) {
      return bootTimeNs <= until ? before : wallMinusBootNs;
    }
  }

  KernelClock(SystemClocks clocks) {
    this.clocks = clocks;
    var first = measure();
    offset =
        new Offset(first.bootNs(), first.wallMinusBootNs(), Long.MIN_VALUE, 0, clocks.bootSecond());
  }

  public static KernelClock start() {
    return new KernelClock(SystemClocks.ofThisMachine());
  }

  /// Nanoseconds since the Unix epoch for nanoseconds of CLOCK_BOOTTIME.
  public long unixNanos(long bootTimeNs) {
    var current = offset;
    if (bootTimeNs - current.atBootNs > REFRESH_NS) offset = current = refresh(current);
    return bootTimeNs + current.of(bootTimeNs);
  }

  /// When a process was created, as every reader of /proc computes it: the boot second plus the
  /// start in clock ticks. Exact to the tick (10 ms), and equal for all observers, which is what
  /// makes it part of a process's identity (`process.creation.time`).
  ///
  /// @return nanoseconds since the Unix epoch
  public long processCreation(long startBootTimeNs) {
    return offset.bootSecond * NS_PER_SECOND + startBootTimeNs / NS_PER_TICK * NS_PER_TICK;
  }

  /// Nanoseconds of CLOCK_BOOTTIME now.
  public static long bootTimeNs() {
    return SystemClocks.ofThisMachine().bootNs();
  }

  private Offset refresh(Offset old) {
    var now = measure();
    boolean wasSet = Math.abs(now.wallMinusBootNs() - old.wallMinusBootNs) > STEP_NS;
    return wasSet
        ? new Offset(
            now.bootNs(),
            now.wallMinusBootNs(),
            old.atBootNs,
            old.wallMinusBootNs,
            clocks.bootSecond())
        : new Offset(now.bootNs(), now.wallMinusBootNs(), old.until, old.before, old.bootSecond);
  }

  private record Measured(long bootNs, long wallMinusBootNs) {}

  /// The tightest of three brackets: a thread that is interrupted in between measures its own
  /// delay.
  private Measured measure() {
    long best = Long.MAX_VALUE;
    Measured tightest = null;
    for (int i = 0; i < 3; i++) {
      long before = clocks.bootNs();
      long wall = clocks.wallNs();
      long took = clocks.bootNs() - before;
      if (took >= best) continue;
      best = took;
      long boot = before + took / 2;
      tightest = new Measured(boot, wall - boot);
    }
    return tightest;
  }
}
