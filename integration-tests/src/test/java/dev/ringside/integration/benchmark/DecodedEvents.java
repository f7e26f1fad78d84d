package dev.ringside.integration.benchmark;

import dev.ringside.bpf.Text;
import dev.ringside.receivers.FileOpen;
import dev.ringside.receivers.ObservedProcess;
import dev.ringside.receivers.ProcessExec;

/// Events as they come out of a decoder.
final class DecodedEvents {
  private DecodedEvents() {}

  /// Of `file_open` or `process_exec`.
  ///
  /// @param commands how many different commands are executed
  static Record[] events(String event, int kinds, int commands) {
    var events = new Record[kinds];
    for (int i = 0; i < kinds; i++) {
      events[i] = event.equals("file_open") ? open(i) : exec(i, i % commands);
    }
    return events;
  }

  private static FileOpen open(int i) {
    var path = Text.of("/usr/share/zoneinfo/Europe/city-" + i % 1000);
    var cgroup = Text.of("/system.slice/postgresql.service");
    boolean failed = i % 10 == 0;
    return new FileOpen(
        1_000_000_000_000L + i * 1000L,
        1500 + i,
        process(i, "postgres"),
        failed ? 2 : 0,
        failed ? -1 : 3 + i % 64,
        02000000,
        0,
        path,
        Text.of("postgres"),
        cgroup);
  }

  private static ProcessExec exec(int i, int command) {
    return new ProcessExec(
        1_000_000_000_000L + i * 1000L,
        process(i, "grep"),
        0,
        4,
        Text.of("/usr/bin/grep"),
        Text.of("/srv/work"),
        Text.of("/user.slice/user-1000.slice/session-3.scope"),
        Text.of("grep\0--color=auto\0-rn\0pattern-" + command + '\0'),
        Text.EMPTY);
  }

  private static ObservedProcess process(int i, String command) {
    int pid = 1000 + i % 200;
    return new ObservedProcess(
        900_000_000_000L + pid * 10_000_000L, pid, pid, 1, pid, 1000, command);
  }
}
