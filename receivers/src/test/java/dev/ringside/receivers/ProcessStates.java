package dev.ringside.receivers;

import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// What the kernel says a process is doing, proc_pid_stat(5).
final class ProcessStates {
  private ProcessStates() {}

  /// Waits until a process has become a program, and sleeps.
  static void awaitSleeping(Process process, String program) {
    var stat = Path.of("/proc/" + process.pid() + "/stat");
    await(process + " sleeps")
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> Files.readString(stat).contains("(" + program + ") S "));
  }
}
