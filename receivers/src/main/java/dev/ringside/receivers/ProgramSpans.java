package dev.ringside.receivers;

import static dev.ringside.receivers.ProcessAttributes.orNull;
import static dev.ringside.receivers.ProcessAttributes.trueOrNull;

import dev.ringside.receivers.linux.ExitStatus;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Spans;
import io.opentelemetry.api.trace.SpanContext;
import java.util.LinkedHashMap;
import java.util.Map;

/// Makes a span of each program, from its exec to its exit, by the convention for command line
/// programs.
///
/// A program that replaces itself by another exec has no end of its own, and no exit code: the span
/// is that of the program that came last. Execs and exits travel in two rings, so an exit may be
/// read before the exec that belongs to it; such an exit waits.
final class ProgramSpans {
  /// How many running programs are kept. Long-lived ones are forgotten first: they are daemons, and
  /// the convention is not for them.
  static final int MOST = 16_384;

  static final String TOO_MANY = "too_many_running";

  private record Process(int pid, long startTime) {
    static Process of(ObservedProcess process) {
      return new Process(process.pid(), process.startTime());
    }
  }

  private record Running(long since, Program program, SpanContext parent) {
    /// Whether this is the program that ended, and not one before it.
    boolean ends(ProcessExit exit) {
      return since <= exit.time()
          && (program.name() == null
              || program.name().startsWith(exit.executableName().toString()));
    }
  }

  private final Telemetry telemetry;
  private final Map<Process, Running> running;
  private final Map<Process, ProcessExit> waiting = bounded(() -> {});

  ProgramSpans(Telemetry telemetry) {
    this.telemetry = telemetry;
    running = bounded(() -> telemetry.lost(TOO_MANY));
  }

  void started(ProcessExec exec, Program program) {
    if (exec.error() != 0) return;
    var process = Process.of(exec.process());
    var parent = TraceParent.parse(exec.traceParent().toString());
    var started = new Running(exec.time(), program, parent);
    ProcessExit exit = waiting.get(process);
    if (exit == null) {
      running.remove(process); // so that it counts as new
      running.put(process, started);
    } else if (started.ends(exit)) {
      waiting.remove(process);
      emit(started, exit);
    }
  }

  void ended(ProcessExit exit) {
    var process = Process.of(exit.process());
    Running program = running.remove(process);
    if (program != null && program.ends(exit)) {
      emit(program, exit);
    } else {
      waiting.put(process, exit);
    }
  }

  private void emit(Running run, ProcessExit exit) {
    // The caller decided that its trace is not recorded; a span of ours would be alone in it.
    if (run.parent().isValid() && !run.parent().isSampled()) return;
    var status = new ExitStatus(exit.exitStatus());
    var program = run.program();
    String name = program.name() == null ? exit.process().command() : program.name();
    var span =
        telemetry
            .span(Spans.CLI_INTERNAL)
            .name(name)
            .between(run.since(), exit.time())
            .parent(run.parent())
            .set(Keys.PROCESS_EXECUTABLE_NAME, name)
            .set(Keys.PROCESS_PID, exit.process().pid())
            .set(Keys.PROCESS_EXIT_CODE, status.code())
            .set(Keys.RINGSIDE_PROCESS_EXIT_SIGNAL, status.signalName())
            .set(Keys.PROCESS_EXECUTABLE_PATH, orNull(program.path()))
            .set(Keys.PROCESS_COMMAND_ARGS, program.args().isEmpty() ? null : program.args())
            .set(Keys.RINGSIDE_PROCESS_COMMAND_ARGS_TRUNCATED, trueOrNull(program.argsCut()));
    if (status.errorType() != null) span.error(status.errorType());
    span.emit();
  }

  private static <V> Map<Process, V> bounded(Runnable onForgotten) {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<Process, V> eldest) {
        boolean full = size() > MOST;
        if (full) onForgotten.run();
        return full;
      }
    };
  }
}
