package dev.ringside.receivers.context;

import dev.ringside.bpf.NanoTime;
import dev.ringside.receivers.linux.OwnProcess;
import dev.ringside.receivers.telemetry.ThreadContexts;
import io.opentelemetry.api.trace.SpanContext;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/// What was recorded, looked up as the kernel tells of it.
public final class RecordedContexts implements ThreadContexts {
  private final ContextRecorder recorder;
  private final int pid;
  private final LongFunction<OptionalLong> nanoTime;

  RecordedContexts(ContextRecorder recorder, int pid, LongFunction<OptionalLong> nanoTime) {
    this.recorder = recorder;
    this.pid = pid;
    this.nanoTime = nanoTime;
  }

  /// The contexts of this program. Where nobody tells the kernel's numbers of its threads
  /// ([OwnProcess]), [#pid] is 0, and nothing is known.
  ///
  /// @throws dev.ringside.bpf.BpfException when libbpf cannot be loaded
  public static RecordedContexts of(ContextRecorder recorder) {
    return new RecordedContexts(recorder, OwnProcess.pid(), NanoTime.start()::of);
  }

  @Override
  public int pid() {
    return pid;
  }

  @Override
  public SpanContext at(int pid, int tid, long bootTimeNs) {
    if (this.pid == 0 || pid != this.pid) return SpanContext.getInvalid();
    var time = nanoTime.apply(bootTimeNs);
    return time.isEmpty() ? SpanContext.getInvalid() : recorder.at(tid, time.getAsLong());
  }
}
