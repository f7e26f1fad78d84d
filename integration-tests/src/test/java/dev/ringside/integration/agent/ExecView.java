package dev.ringside.integration.agent;

import dev.ringside.integration.otlp.LogEvent;
import dev.ringside.integration.workload.Truth;

/// What an exec event says, but for its arguments and times: the same from the event and from the
/// truth.
///
/// @param path "" where it is unknown
/// @param error "" for an exec that succeeded
record ExecView(
    long pid,
    long tid,
    long parentPid,
    long namespacePid,
    long userId,
    String path,
    String name,
    String error,
    long argsCount,
    String workingDirectory) {

  static ExecView of(Truth.Exec e) {
    return new ExecView(
        e.pid(),
        e.tid(),
        e.parentPid(),
        e.namespacePid(),
        e.userId(),
        e.executable(),
        e.executable().substring(e.executable().lastIndexOf('/') + 1),
        ErrnoNames.of(e.errno()),
        e.args().size(),
        e.workingDirectory());
  }

  static ExecView of(LogEvent l) {
    return new ExecView(
        l.number("process.pid"),
        l.number("thread.id"),
        l.number("process.parent_pid"),
        l.number("process.vpid"),
        l.number("process.user.id"),
        (String) l.attributes().getOrDefault("process.executable.path", ""),
        (String) l.attributes().getOrDefault("process.executable.name", ""),
        (String) l.attributes().getOrDefault("ringside.errno.name", ""),
        l.number("process.args_count"),
        l.text("process.working_directory"));
  }
}
