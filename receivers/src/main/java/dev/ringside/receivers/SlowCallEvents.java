package dev.ringside.receivers;

import dev.ringside.bpf.KernelFunction;
import dev.ringside.bpf.Text;
import dev.ringside.receivers.telemetry.EventBuilder;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import java.util.List;

/// Says of each slow call what is known of it. For the polling thread.
final class SlowCallEvents {
  private final List<KernelFunction> functions;
  private final FunctionDurations durations;
  private final CallArguments arguments;
  private final CallStacks stacks;
  private final Telemetry telemetry;
  private final ProcessAttributes process;
  private final CallTraces traces;

  SlowCallEvents(
      List<KernelFunction> functions,
      FunctionDurations durations,
      CallArguments arguments,
      CallStacks stacks,
      Telemetry telemetry) {
    this.functions = functions;
    this.durations = durations;
    this.arguments = arguments;
    this.stacks = stacks;
    this.telemetry = telemetry;
    process = new ProcessAttributes(telemetry);
    traces = new CallTraces(telemetry, Metrics.KERNEL_FUNCTION_DURATION);
  }

  void emit(SlowCall call) {
    var function = functions.get(call.function());
    EventBuilder event = telemetry.event(Events.KERNEL_FUNCTION_SLOW).at(call.time());
    process.describe(event, call.process(), Text.of(call.executableName()), call.cgroup().path());
    ProcessAttributes.failure(event, call.error());
    traces.tell(event, call.process(), call.time(), call.duration(), () -> durations.series(call));
    event
        .set(Keys.THREAD_ID, call.process().tid())
        .set(Keys.CODE_FUNCTION_NAME, function.name())
        .set(Keys.RINGSIDE_OPERATION_DURATION, call.duration() / 1e9);
    Long result = number(call.result(), function.returned());
    if (result != null) event.set(Keys.RINGSIDE_FUNCTION_RESULT, result);
    arguments.describe(event, call.function(), call.arguments());
    event.set(Keys.CODE_STACKTRACE, stacks.of(call, function.name()));
    event.emit();
  }

  /// A result as a number, where it is one.
  private static Long number(long register, KernelFunction.Returned returned) {
    return switch (returned) {
      case SIGNED_32 -> (long) (int) register;
      case UNSIGNED_32 -> register & 0xffff_ffffL;
      case BOOL -> register & 1;
      case SIGNED_64, UNSIGNED_64 -> register;
      case NOTHING, POINTER, UNKNOWN -> null;
    };
  }
}
