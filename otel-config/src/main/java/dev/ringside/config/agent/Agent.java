package dev.ringside.config.agent;

import dev.ringside.bpf.Poller;
import dev.ringside.config.options.ChosenReceiver;
import dev.ringside.receivers.telemetry.ExportStatistics;
import dev.ringside.receivers.telemetry.ReceiverStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Receivers that run, one thread that serves them, and the order in which all of it comes and
/// goes. One thread starts and closes it; [#accounts] is for any thread.
public final class Agent implements AutoCloseable {
  /// The polling thread looks at least so often, so that a batch goes out when it is due.
  private static final Duration LONGEST_WAIT = Duration.ofMillis(100);

  private final Reporting reporting;
  private final Poller poller;
  private final List<RunningReceiver> receivers = new CopyOnWriteArrayList<>();
  private boolean closed;

  private Agent(Reporting reporting, Consumer<String> say) {
    this.reporting = reporting;
    this.poller = new Poller(LONGEST_WAIT, reporting::afterDrain, new HandlerFailures(say));
  }

  /// Starts every receiver that the kernel allows; [#accounts] says which those are.
  ///
  /// @param reporting closed with the agent
  /// @param say takes one line at a time for the person who runs it, on any thread
  public static Agent start(
      List<ChosenReceiver<?>> receivers, Reporting reporting, Kernel kernel, Consumer<String> say) {
    var agent = new Agent(reporting, say);
    agent.poller.start();
    for (var chosen : receivers) {
      var telemetry = reporting.receiver(chosen.name());
      agent.receivers.add(RunningReceiver.start(chosen, kernel, telemetry, agent.poller));
    }
    reporting.receiversStarted(agent::running);
    return agent;
  }

  /// Whether at least one receiver runs.
  public boolean isRunning() {
    return receivers.stream().anyMatch(RunningReceiver::isRunning);
  }

  /// One account per receiver, in the order they were chosen.
  public List<ReceiverAccount> accounts() {
    var exports = reporting.statistics();
    return receivers.stream().map(r -> r.account(find(exports, r.name()))).toList();
  }

  private List<ReceiverStatus> running() {
    return receivers.stream().flatMap(r -> r.status().stream()).toList();
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
    reporting.stopWaiting();
    receivers.forEach(RunningReceiver::detach);
    // The kernel's tables are read a last time here, so the objects are closed after it.
    reporting.flush();
    receivers.forEach(RunningReceiver::close);
    poller.close();
    reporting.close();
  }
}
