package dev.ringside.receivers;

import dev.ringside.bpf.Hook;
import dev.ringside.bpf.Need;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.Way;
import dev.ringside.receivers.linux.Errno;
import dev.ringside.receivers.linux.OwnProcess;
import dev.ringside.receivers.linux.SystemCalls;
import dev.ringside.receivers.telemetry.EventBuilder;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import java.util.ArrayList;
import java.util.List;

/// Reports how many system calls there are, what fails, how long they take and, when asked, each
/// slow one by itself.
final class SyscallLatencyReceiver implements Receiver {

  /// `struct syscall_outcome`, without the octave.
  record SyscallOutcome(int number, int error) {}

  /// With more calls than these, two tracepoints for all take less time to attach than two for
  /// each, and each call that is measured passes fewer instructions.
  private static final int FEW_CALLS = 16;

  /// A series takes an octave for each power of two between its shortest and longest duration, some
  /// ten, and an errno more is a series more.
  private static final int OCTAVES_PER_CALL = 64;

  private static final int MOST_OCTAVES = 4096;
  private static final int LEAST_OCTAVES = 256;

  /// Threads that wait in a call, where their starts are kept in a hash.
  private static final int MOST_STARTS = 32_768;

  private final SyscallLatencyOptions options;
  private final ProcessFilter filter;
  private final SystemCalls calls;
  private final SystemCallChoice choice;

  SyscallLatencyReceiver(
      SyscallLatencyOptions options,
      ProcessFilter filter,
      SystemCalls calls,
      SystemCallChoice choice) {
    this.options = options;
    this.filter = filter;
    this.calls = calls;
    this.choice = choice;
  }

  @Override
  public void bind(Probe probe, Telemetry telemetry) {
    filter.apply(probe);
    probe.set("except_pid", options.pid() == 0 ? OwnProcess.pid() : 0);
    probe.set("wanted_calls", choice.flags());
    probe.set("events", options.events() ? 1 : 0);
    probe.set("min_duration_ns", options.minDuration().toNanos());
    probe.resize("syscall_durations", octaves(choice.names().size()));
    probe.resize("starts_by_thread", MOST_STARTS);
    needs().forEach(probe::need);

    RingSize.apply(probe, "slow_syscalls", options.events(), options.ringBytes());
    if (options.events()) {
      var process = new ProcessAttributes(telemetry);
      var traces = new CallTraces(telemetry, Metrics.SYSCALL_DURATION);
      probe.onEvent("slow_syscalls", SlowSyscall.class, call -> emit(call, traces, process));
    }
    var durations = probe.histograms("syscall_durations", SyscallOutcome.class);
    telemetry.histogram(
        Metrics.SYSCALL_DURATION,
        points -> durations.forEach((outcome, took) -> points.add(attributes(outcome), took)));
  }

  private void emit(SlowSyscall call, CallTraces traces, ProcessAttributes process) {
    EventBuilder event = traces.telemetry().event(Events.SYSCALL_SLOW).at(call.time());
    process.describe(event, call.process(), call.executableName(), call.cgroup());
    traces.tell(
        event,
        call.process(),
        call.time(),
        call.duration(),
        () -> attributes(new SyscallOutcome(call.number(), call.error())));
    ProcessAttributes.failure(event, call.error());
    event
        .set(Keys.THREAD_ID, call.process().tid())
        .set(Keys.RINGSIDE_SYSCALL_NAME, calls.name(call.number()))
        .set(Keys.RINGSIDE_OPERATION_DURATION, call.duration() / 1e9)
        .emit();
  }

  private Attributes attributes(SyscallOutcome outcome) {
    var attributes = Attributes.builder();
    attributes.put(Keys.RINGSIDE_SYSCALL_NAME, calls.name(outcome.number()));
    attributes.put(Keys.ERROR_TYPE, Errno.errorType(outcome.error()));
    return attributes.build();
  }

  private static int octaves(int calls) {
    int wanted = Math.min(calls, MOST_OCTAVES / OCTAVES_PER_CALL) * OCTAVES_PER_CALL;
    return Math.max(LEAST_OCTAVES, wanted);
  }

  private List<Need> needs() {
    var ways = new ArrayList<Way>();
    if (choice.names().size() <= FEW_CALLS && choice.names().stream().allMatch(this::isNamed)) {
      ways.add(tracepoints());
    }
    // The return first: an entry that is seen before anybody looks at returns would be missed one.
    ways.add(
        Way.by("raw tracepoints")
            .attach("on_sys_exit")
            .attach("on_sys_enter")
            .note(
                "every system call on this machine takes about 260 to 340 instructions more, also"
                    + " those that nobody watches"));
    return List.of(
        new Need("system calls", true, ways),
        Need.required(
            "start times",
            Way.by("task storage").map("starts_by_task").set("use_task_storage", 1),
            Way.by("hash")
                .map("starts_by_thread")
                .note("about 800 instructions more per call than task storage")));
  }

  private boolean isNamed(String call) {
    return !call.startsWith("syscall_") && !call.equals(SystemCalls.OTHER);
  }

  private Way tracepoints() {
    Way way = Way.by("syscall tracepoints");
    for (String call : choice.names()) {
      String function = SystemCalls.functionOf(call);
      way =
          way.attach("on_call_exit", Hook.tracepoint("syscalls", "sys_exit_" + function))
              .attach("on_call_enter", Hook.tracepoint("syscalls", "sys_enter_" + function));
    }
    return way.note(
        "every system call on this machine takes about 110 instructions more, also those that"
            + " nobody watches");
  }
}
