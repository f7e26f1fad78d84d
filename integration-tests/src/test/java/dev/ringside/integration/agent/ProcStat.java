package dev.ringside.integration.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/// What any other observer reads in /proc.
final class ProcStat {
  /// USER_HZ: 100 on every architecture we support, see time(7).
  private static final long TICKS_PER_SECOND = 100;

  private ProcStat() {}

  /// When a process was created: the boot time (`btime`) plus its start time, field 22 of
  /// /proc/PID/stat, in clock ticks.
  static Instant creationOf(long pid) throws IOException {
    var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    // The command's name in parentheses may contain blanks, and parentheses.
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long ticks = Long.parseLong(fields[22 - 3]);
    var btime =
        Files.readAllLines(Path.of("/proc/stat")).stream()
            .filter(line -> line.startsWith("btime "))
            .mapToLong(line -> Long.parseLong(line.substring(6)))
            .findFirst()
            .orElseThrow();
    return Instant.ofEpochSecond(btime).plusMillis(ticks * 1000 / TICKS_PER_SECOND);
  }
}
