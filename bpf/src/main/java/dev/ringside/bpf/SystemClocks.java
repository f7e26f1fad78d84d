package dev.ringside.bpf;

import dev.ringside.bpf.libbpf.Libbpf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/// The machine's clocks, see clock_gettime(2).
interface SystemClocks {
  /// CLOCK_BOOTTIME in nanoseconds.
  long bootNs();

  /// CLOCK_REALTIME in nanoseconds.
  long wallNs();

  /// `btime` of /proc/stat: the wall-clock second of the boot.
  long bootSecond();

  static SystemClocks ofThisMachine() {
    Native.libbpfVersion(); // loads the library
    return new OfThisMachine();
  }

  record OfThisMachine() implements SystemClocks {
    private static final int CLOCK_REALTIME = 0;
    private static final int CLOCK_BOOTTIME = 7;

    @Override
    public long bootNs() {
      return read(CLOCK_BOOTTIME);
    }

    @Override
    public long wallNs() {
      return read(CLOCK_REALTIME);
    }

    private static long read(int clock) {
      try (var arena = Arena.ofConfined()) {
        var time = arena.allocate(16, 8);
        int result = Libbpf.clock_gettime(clock, time);
        if (result != 0) throw new BpfException("clock_gettime " + clock + " failed", 0);
        return time.get(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L
            + time.get(ValueLayout.JAVA_LONG, 8);
      }
    }

    @Override
    public long bootSecond() {
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
}
