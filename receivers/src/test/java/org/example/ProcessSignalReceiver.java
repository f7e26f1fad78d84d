package org.example;

import dev.ringside.bpf.Probe;
import dev.ringside.receivers.ObservedProcess;
import dev.ringside.receivers.Option;
import dev.ringside.receivers.ProcessFilter;
import dev.ringside.receivers.Receiver;
import dev.ringside.receivers.ReceiverType;
import dev.ringside.receivers.linux.Signals;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.semconv.EventType;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.MetricType;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;

/// Reports signals, and who sends them.
public final class ProcessSignalReceiver implements Receiver {
  static final AttributeKey<String> SIGNAL = AttributeKey.stringKey("example.signal");
  static final AttributeKey<Long> TARGET = AttributeKey.longKey("example.signal.target.pid");
  static final EventType SENT =
      new EventType("process_signal", "example.process.signal", 9, "A signal was sent.");
  static final MetricType SIGNALS =
      new MetricType(
          "process_signal", "example.process.signals", "counter", "{signal}", "Signals.");

  /// `struct process_signal`.
  record ProcessSignal(long time, ObservedProcess process, int signal, int targetPid) {}

  /// `struct signal_key`.
  record SignalKey(int signal) {}

  public record Options(@Option("Only this sender; 0 is all") int pid) {}

  public static final class Type implements ReceiverType<Options> {
    @Override
    public String name() {
      return "process_signal";
    }

    @Override
    public String summary() {
      return "Signals, and who sends them";
    }

    @Override
    public Options defaults() {
      return new Options(0);
    }

    @Override
    public Receiver create(Options options) {
      return new ProcessSignalReceiver(ProcessFilter.of(options.pid(), -1, "", ""));
    }
  }

  private final ProcessFilter filter;

  private ProcessSignalReceiver(ProcessFilter filter) {
    this.filter = filter;
  }

  @Override
  public void bind(Probe probe, Telemetry telemetry) {
    filter.apply(probe);
    probe.set("events", 1);
    probe.onEvent(
        "process_signals",
        ProcessSignal.class,
        e ->
            telemetry
                .event(SENT)
                .at(e.time())
                .set(Keys.PROCESS_PID, e.process().pid())
                .set(Keys.THREAD_NAME, e.process().command())
                .set(SIGNAL, Signals.name(e.signal()))
                .set(TARGET, e.targetPid())
                .emit());
    var counts = probe.table("signal_counts", SignalKey.class);
    telemetry.counter(
        SIGNALS,
        points ->
            counts.forEach(
                (key, n) -> points.add(Attributes.of(SIGNAL, Signals.name(key.signal())), n)));
  }
}
