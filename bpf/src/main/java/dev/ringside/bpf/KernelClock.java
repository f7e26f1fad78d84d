package dev.ringside.bpf;

import dev.ringside.bpf.libbpf.Libbpf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/// Turns the kernel's CLOCK_BOOTTIME into wall time.
///
/// Kernel programs stamp events with the boot time: unlike CLOCK_MONOTONIC it goes on while the
/// machine sleeps. Its distance to the wall clock moves when somebody sets the clock, so it is
/// measured again every second. Any thread may call.
public final class KernelClock {
  private static final int CLOCK_REALTIME = 0;
  private static final int CLOCK_BOOTTIME = 7;
  private static final long REFRESH_NS = 1_000_000_000L;

  /// sysconf(_SC_CLK_TCK): 100 on every Linux that Java runs on.
  private static final long NS_PER_TICK = 10_000_000L;

  private volatile Offset offset;

  /// @param atBootNs when it was measured
  /// @param wallMinusBootNs what to add to a boot time
  /// @param bootSecond `btime` of /proc/stat: the wall-clock second of the boot
  private record Offset(long atBootNs, long wallMinusBootNs, long bootSecond) {}

  private KernelClock() {
    Native.libbpfVersion();
    offset = measure();
  }

  public static KernelClock start() {
    return new KernelClock();
  }

  /// Nanoseconds since the Unix epoch for nanoseconds of CLOCK_BOOTTIME.
  public long unixNanos(long bootTimeNs) {
    var current = offset;
    // An event from later than a second after the measurement asks for a new one.
    if (bootTimeNs - current.atBootNs > REFRESH_NS) offset = current = measure();
    return bootTimeNs + current.wallMinusBootNs;
  }

  /// When a process was created, as every reader of /proc computes it: the boot second plus the
  /// start in clock ticks. Exact to the tick (10 ms), and equal for all observers, which is what
  /// makes it part of a process's identity (`process.creation.time`).
  public Instant processCreation(long startBootTimeNs) {
    long ticks = startBootTimeNs / NS_PER_TICK;
    return Instant.ofEpochSecond(offset.bootSecond).plusNanos(ticks * NS_PER_TICK);
  }

  /// Nanoseconds of CLOCK_BOOTTIME now.
  public static long bootTimeNs() {
    Native.libbpfVersion();
    try (var arena = Arena.ofConfined()) {
      return read(CLOCK_BOOTTIME, arena.allocate(16));
    }
  }

  private static Offset measure() {
    try (var arena = Arena.ofConfined()) {
      var time = arena.allocate(16);
      long best = Long.MAX_VALUE;
      long boot = 0;
      long wallMinusBoot = 0;
      // The tightest of three brackets: a thread that is interrupted in between measures its own
      // delay.
      for (int i = 0; i < 3; i++) {
        long before = read(CLOCK_BOOTTIME, time);
        long wall = read(CLOCK_REALTIME, time);
        long after = read(CLOCK_BOOTTIME, time);
        if (after - before < best) {
          best = after - before;
          boot = before + best / 2;
          wallMinusBoot = wall - boot;
        }
      }
      return new Offset(boot, wallMinusBoot, bootSecond());
    }
  }

  private static long read(int clock, MemorySegment time) {
    int result = Libbpf.clock_gettime(clock, time);
    if (result != 0) throw new BpfException("clock_gettime " + clock + " failed", 0);
    return time.get(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L + time.get(ValueLayout.JAVA_LONG, 8);
  }

  private static long bootSecond() {
    try (var lines = Files.lines(Path.of("/proc/stat"))) {
      return lines
          .filter(l -> l.startsWith("btime "))
          .findFirst()
          .map(l -> Long.parseLong(l.substring(6).strip()))
          .orElseThrow(() -> new BpfException("/proc/stat has no btime line", 0));
    } catch (IOException e) {
      throw new UncheckedIOException("read /proc/stat", e);
    }
  }
}
