package dev.ringside.config.agent;

import dev.ringside.bpf.KernelClock;
import dev.ringside.bpf.Poller;
import dev.ringside.config.export.Exporters;
import dev.ringside.config.options.ChosenReceiver;
import dev.ringside.receivers.telemetry.DirectTelemetry;
import dev.ringside.receivers.telemetry.ExportStatistics;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Receivers that run and report straight to exporters. One thread starts and closes it; [#accounts] is
/// for any thread.
public final class Agent implements AutoCloseable {

  /// What an agent is made of.
  ///
  /// @param receivers what to run
  /// @param exporters where it goes; closed with the agent
  /// @param host the Resource of what receivers report
  /// @param self the Resource of what the agent reports about itself
  /// @param version Ringside's
  /// @param kernel [Kernel#running], or a fake one
  /// @param say takes one line at a time for the person who runs it, on any thread
  public record Setup(
      List<ChosenReceiver<?>> receivers,
      Exporters exporters,
      Resource host,
      Resource self,
      String version,
      Kernel kernel,
      Consumer<String> say) {}

  /// The polling thread looks at least so often, so that a batch goes out when it is due.
  private static final Duration LONGEST_WAIT = Duration.ofMillis(200);

  private final Setup setup;
  private final DirectTelemetry telemetry;
  private final Poller poller;
  private final List<RunningReceiver> receivers = new ArrayList<>();
  private final MetricReaders metrics;
  private boolean closed;

  private Agent(Setup setup) {
    this.setup = setup;
    var batching = setup.exporters().batching();
    telemetry =
        DirectTelemetry.builder()
            .logs(setup.exporters().logs())
            .spans(setup.exporters().spans())
            .host(setup.host())
            .clock(KernelClock.start())
            .batchSize(batching.size())
            .delay(batching.delay())
            .onExportState(state -> setup.say().accept(state.message()))
            .build();
    var wait = batching.delay().compareTo(LONGEST_WAIT) < 0 ? batching.delay() : LONGEST_WAIT;
    poller = new Poller(wait, telemetry::afterDrain, new HandlerFailures(setup.say()));
    metrics = new MetricReaders(setup.self(), setup.say());
  }

  /// Starts every receiver that the kernel allows; [#accounts] says which those are.
  public static Agent start(Setup setup) {
    var agent = new Agent(setup);
    agent.start();
    return agent;
  }

  private void start() {
    poller.start();
    for (var chosen : setup.receivers()) {
      var own = telemetry.receiver(chosen.name(), setup.version());
      receivers.add(RunningReceiver.start(chosen, setup.kernel(), own, poller));
    }
    for (var outlet : setup.exporters().metrics()) metrics.start(outlet, telemetry);
  }

  /// Whether at least one receiver runs.
  public boolean isRunning() {
    return receivers.stream().anyMatch(RunningReceiver::isRunning);
  }

  /// One entry per receiver, in the order they were chosen.
  public List<ReceiverAccount> accounts() {
    var exports = telemetry.statistics();
    return receivers.stream().map(r -> r.account(find(exports, r.name()))).toList();
  }

  private static Optional<ExportStatistics> find(List<ExportStatistics> all, String receiver) {
    return all.stream().filter(s -> s.receiver().equals(receiver)).findFirst();
  }

  /// Detaches from the kernel, drains, flushes and shuts down. [#accounts] has the final numbers
  /// afterwards.
  @Override
  public void close() {
    if (closed) return;
    closed = true;
    // A server that does not answer must not keep the kernel side attached.
    telemetry.stopWaiting();
    receivers.forEach(RunningReceiver::detach);
    telemetry.close();
    // The kernel's tables are read a last time here, so objects are closed after this.
    metrics.close();
    receivers.forEach(RunningReceiver::close);
    poller.close();
    setup.exporters().close();
  }
}
