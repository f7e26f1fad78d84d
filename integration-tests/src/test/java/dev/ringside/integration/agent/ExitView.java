package dev.ringside.integration.agent;

import dev.ringside.integration.otlp.LogEvent;
import dev.ringside.integration.workload.Truth;
import java.util.Map;

/// What an exit event says, but for its times: the same from the event and from the truth.
///
/// @param signal "" for a process that ended by itself
/// @param error "" for success
record ExitView(
    long pid, long parentPid, long code, String signal, String error, int severity, String name) {
  private static final Map<Integer, String> SIGNALS = Map.of(0, "", 9, "SIGKILL", 15, "SIGTERM");

  static ExitView of(Truth.Exit e) {
    int signal = e.status() & 0x7f;
    int code = signal == 0 ? e.status() >> 8 : 128 + signal;
    var error = signal != 0 ? SIGNALS.get(signal) : code == 0 ? "" : Integer.toString(code);
    int severity = signal == 0 ? 9 : 13; // INFO, WARN
    return new ExitView(
        e.pid(), e.parentPid(), code, SIGNALS.get(signal), error, severity, e.executable());
  }

  static ExitView of(LogEvent l) {
    return new ExitView(
        l.number("process.pid"),
        l.number("process.parent_pid"),
        l.number("process.exit.code"),
        (String) l.attributes().getOrDefault("ringside.process.exit.signal", ""),
        (String) l.attributes().getOrDefault("error.type", ""),
        l.severity(),
        l.text("process.executable.name"));
  }

  /// The end of the workload itself.
  static ExitView ofWorkload(Truth truth) {
    return new ExitView(truth.start().pid(), truth.start().parentPid(), 0, "", "", 9, "execs");
  }
}
