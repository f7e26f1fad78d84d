package dev.ringside.receivers.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What this process uses, from `/proc/self` (proc(5)).
///
/// @param userSeconds CPU time in user mode
/// @param systemSeconds CPU time in the kernel
/// @param residentBytes memory in use (RSS)
record ProcessUsage(double userSeconds, double systemSeconds, long residentBytes) {
  /// sysconf(_SC_CLK_TCK): 100 on every Linux that Java runs on.
  private static final double TICKS_PER_SECOND = 100;

  /// Fields 14 and 15 of `stat`, counted from the first one behind the command.
  private static final int UTIME = 14 - 3;

  private static final int STIME = 15 - 3;

  /// Empty where `/proc` is not mounted.
  static Optional<ProcessUsage> read() {
    try {
      return Optional.of(parse(proc("stat"), proc("status")));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /// The resident size comes from `status`, in kB, since the pages of `statm` differ in size
  /// between machines.
  static ProcessUsage parse(String stat, String status) {
    // The command may contain blanks and parentheses; the last one ends it.
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long residentKb =
        status
            .lines()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow();
    return new ProcessUsage(
        Long.parseLong(fields[UTIME]) / TICKS_PER_SECOND,
        Long.parseLong(fields[STIME]) / TICKS_PER_SECOND,
        residentKb * 1024);
  }

  private static String proc(String file) throws IOException {
    return Files.readString(Path.of("/proc/self", file));
  }
}
