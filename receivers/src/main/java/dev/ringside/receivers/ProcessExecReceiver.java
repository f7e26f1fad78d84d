package dev.ringside.receivers;

import dev.ringside.bpf.Hook;
import dev.ringside.bpf.Need;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.Text;
import dev.ringside.bpf.Way;
import dev.ringside.receivers.linux.Errno;
import dev.ringside.receivers.linux.ExitStatus;
import dev.ringside.receivers.telemetry.EventBuilder;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import java.util.List;

/// Reports programs that start, and how and after what time processes end.
final class ProcessExecReceiver implements Receiver {

  /// `struct exec_outcome`.
  record ExecOutcome(int error) {}

  /// `struct lifetime_key`.
  record LifetimeKey(int exitStatus) {}

  /// The index of `fork_count`, which has one entry.
  record Slot(int index) {}

  private static final List<Need> NEEDS =
      List.of(
          Need.required(
              "execs, forks and exits",
              Way.by("BTF tracepoints").attach("on_exec").attach("on_fork").attach("on_exit")),
          Need.optional(
              "processes from before",
              Way.by("task iterator").attach("on_existing", Hook.iterator())),
          Need.optional(
              "failed execs",
              Way.by("fexit").attach("on_execve_fexit").attach("on_execveat_fexit"),
              Way.by("kprobe/kretprobe")
                  .attach("on_execve_kprobe")
                  .attach("on_execveat_kprobe")
                  .attach("on_execve_kretprobe")
                  .attach("on_execveat_kretprobe")
                  .note(
                      "about 650 instructions more per exec than fexit; a return is missed, and counted,"
                          + " when more threads are in the call than the kernel keeps instances for"),
              tracepoints()
                  .note("every system call on this machine takes about 110 instructions more"),
              Way.by("raw tracepoint")
                  .attach("on_sys_exit")
                  .note(
                      "every system call on this machine takes about 150 to 200 instructions more")));

  private final ProcessExecOptions options;
  private final ProcessFilter filter;
  private final KnownPrograms programs = new KnownPrograms();
  private final boolean workingDirectory;
  private final boolean vpid;
  private final boolean cgroup;

  ProcessExecReceiver(ProcessExecOptions options, ProcessFilter filter) {
    this.options = options;
    this.filter = filter;
    workingDirectory = options.attributes().contains(ProcessExecOptions.WORKING_DIRECTORY);
    vpid = options.attributes().contains(ProcessExecOptions.VPID);
    cgroup = options.attributes().contains(ProcessExecOptions.CGROUP);
  }

  @Override
  public void bind(Probe probe, Telemetry telemetry) {
    boolean records = options.events() || options.spans();
    filter.apply(probe);
    probe.set("events", records ? 1 : 0);
    probe.set("read_args", options.args() ? 1 : 0);
    probe.set("read_trace_parent", options.spans() ? 1 : 0);
    NEEDS.forEach(probe::need);

    RingSize.apply(probe, "process_execs", records, options.ringBytes());
    RingSize.apply(probe, "process_exits", records, options.ringBytes());
    var spans = new ProgramSpans(telemetry);
    var attributes = new ProcessAttributes(telemetry);
    if (records) {
      probe.onEvent(
          "process_execs", ProcessExec.class, exec -> started(exec, telemetry, attributes, spans));
      probe.onEvent(
          "process_exits", ProcessExit.class, exit -> ended(exit, telemetry, attributes, spans));
    }

    var execs = probe.table("exec_counts", ExecOutcome.class);
    telemetry.counter(
        Metrics.PROCESS_EXECS,
        points -> execs.forEach((k, n) -> points.add(failed(Errno.errorType(k.error())), n)));
    var forks = probe.table("fork_count", Slot.class);
    telemetry.counter(
        Metrics.SYSTEM_PROCESS_CREATED,
        points -> forks.forEach((k, n) -> points.add(Attributes.empty(), n)));
    var lifetimes = probe.histograms("lifetimes", LifetimeKey.class);
    telemetry.histogram(
        Metrics.PROCESS_LIFETIME_DURATION,
        points ->
            lifetimes.forEach(
                (k, took) -> points.add(failed(new ExitStatus(k.exitStatus()).errorType()), took)));
  }

  private void started(
      ProcessExec exec, Telemetry telemetry, ProcessAttributes attributes, ProgramSpans spans) {
    var known = programs.of(exec);
    if (options.spans()) spans.started(exec, known.program());
    if (!options.events()) return;
    var process = exec.process();
    EventBuilder event = telemetry.event(Events.PROCESS_EXEC).at(exec.time());
    attributes.describe(event, process, Text.EMPTY, exec.cgroup());
    event.set(known.attributes());
    ProcessAttributes.failure(event, exec.error());
    event.set(Keys.PROCESS_PARENT_PID, process.parentPid()).set(Keys.THREAD_ID, process.tid());
    if (workingDirectory) {
      event.setText(Keys.PROCESS_WORKING_DIRECTORY, exec.workingDirectory());
    }
    if (vpid) event.set(Keys.PROCESS_VPID, process.namespacePid());
    if (cgroup) event.setText(Keys.PROCESS_LINUX_CGROUP, exec.cgroup());
    event.emit();
  }

  private void ended(
      ProcessExit exit, Telemetry telemetry, ProcessAttributes attributes, ProgramSpans spans) {
    if (options.spans()) spans.ended(exit);
    if (!options.events()) return;
    var process = exit.process();
    var status = new ExitStatus(exit.exitStatus());
    EventBuilder event = telemetry.event(Events.PROCESS_EXIT).at(exit.time());
    if (status.signal() != 0) event.severity(Severity.WARN);
    attributes.describe(event, process, exit.executableName(), exit.cgroup());
    event
        .set(Keys.PROCESS_PARENT_PID, process.parentPid())
        .set(Keys.PROCESS_EXIT_CODE, status.code())
        .set(Keys.PROCESS_EXIT_TIME, telemetry.wallTime(exit.time()).toString())
        .set(Keys.RINGSIDE_PROCESS_LIFETIME_DURATION, (exit.time() - process.startTime()) / 1e9)
        .set(Keys.RINGSIDE_PROCESS_EXIT_SIGNAL, status.signalName())
        .set(Keys.ERROR_TYPE, status.errorType());
    if (vpid) event.set(Keys.PROCESS_VPID, process.namespacePid());
    event.emit();
  }

  private static Attributes failed(String errorType) {
    return errorType == null ? Attributes.empty() : Attributes.of(Keys.ERROR_TYPE, errorType);
  }

  private static Way tracepoints() {
    return Way.by("syscall tracepoints")
        .attach("on_execve_enter", Hook.tracepoint("syscalls", "sys_enter_execve"))
        .attach("on_execve_exit", Hook.tracepoint("syscalls", "sys_exit_execve"))
        .attach("on_execveat_enter", Hook.tracepoint("syscalls", "sys_enter_execveat"))
        .attach("on_execveat_exit", Hook.tracepoint("syscalls", "sys_exit_execveat"));
  }
}
