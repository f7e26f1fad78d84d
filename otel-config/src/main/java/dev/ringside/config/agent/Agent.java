package dev.ringside.config.agent;

import dev.ringside.bpf.Poller;
import dev.ringside.config.options.ChosenReceiver;
import dev.ringside.receivers.telemetry.ExportStatistics;
import dev.ringside.receivers.telemetry.ReceiverStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Receivers that run, one thread that serves them, and the order in which all of it comes and
/// goes. One thread starts and closes it; [#accounts] is for any thread.
public final class Agent implements AutoCloseable {
  /// The polling thread looks at least so often, so that a batch goes out when it is due; more
  /// often where batches wait less.
  private static final Duration LONGEST_WAIT = Duration.ofMillis(100);

  private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);

  private final Reporting reporting;
  private final Poller poller;
  private final List<RunningReceiver> receivers = new CopyOnWriteArrayList<>();
  private boolean closed;

  private Agent(Reporting reporting, Consumer<String> say) {
    this.reporting = reporting;
    this.poller =
        new Poller(wait(reporting.delay()), reporting::afterDrain, new HandlerFailures(say));
  }

  private static Duration wait(Duration delay) {
    if (delay.compareTo(SHORTEST_WAIT) < 0) return SHORTEST_WAIT;
    return delay.compareTo(LONGEST_WAIT) < 0 ? delay : LONGEST_WAIT;
  }

  /// Starts every receiver that the kernel allows; [#accounts] says which those are.
  ///
  /// @param reporting closed with the agent
  /// @param say takes one line at a time for the person who runs it, on any thread
  public static Agent start(
      List<ChosenReceiver<?>> receivers, Reporting reporting, Kernel kernel, Consumer<String> say) {
    var agent = new Agent(reporting, say);
    agent.poller.start();
    agent.receivers.addAll(startAll(receivers, reporting, kernel, agent.poller));
    reporting.receiversStarted(agent::running);
    return agent;
  }

  /// Most of it is waiting for the kernel to check programs, so each does it on a thread of its
  /// own.
  private static List<RunningReceiver> startAll(
      List<ChosenReceiver<?>> receivers, Reporting reporting, Kernel kernel, Poller poller) {
    var started = new RunningReceiver[receivers.size()];
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < started.length; i++) {
      int at = i;
      var chosen = receivers.get(i);
      var telemetry = reporting.receiver(chosen.name());
      threads.add(
          Thread.ofPlatform()
              .name("ringside-start-" + chosen.name())
              .start(() -> started[at] = RunningReceiver.start(chosen, kernel, telemetry, poller)));
    }
    threads.forEach(Agent::join);
    return List.of(started);
  }

  // What was begun must be known to its end; the interrupt is kept for the caller.
  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
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
