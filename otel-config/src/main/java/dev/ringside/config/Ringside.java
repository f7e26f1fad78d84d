package dev.ringside.config;

import dev.ringside.config.agent.Agent;
import dev.ringside.config.agent.ReceiverAccount;
import dev.ringside.receivers.linux.OwnProcess;
import java.util.List;

/// Receivers at work inside a Java program, until it is closed.
///
/// With exporters of its own, as the environment or a file configures them:
///
/// ```java
/// try (var ringside = Ringside.builder().receiver("process_exec").start()) { … }
/// ```
///
/// Over the service's own OpenTelemetry; histograms need a place in its SDK before that is built:
///
/// ```java
/// var builder = Ringside.builder().receiver("file_open", Map.of("failed_only", true));
/// var meters = SdkMeterProvider.builder().registerMetricProducer(builder.histograms()) …
/// try (var ringside = builder.start(openTelemetry)) { … }
/// ```
///
/// A receiver that cannot run here does not keep the others from running: look at [#receivers]. One
/// thread starts and closes; [#receivers] is for any thread.
public final class Ringside implements AutoCloseable {
  private final Agent agent;

  Ringside(Agent agent) {
    this.agent = agent;
  }

  public static RingsideBuilder builder() {
    return new RingsideBuilder();
  }

  /// The id of this process as receivers' option `pid` takes it, which in a pid namespace of its
  /// own is not that of [ProcessHandle#pid].
  ///
  /// @throws IllegalStateException in such a namespace, where the kernel does not tell
  public static int pid() {
    int pid = OwnProcess.pid();
    if (pid == 0) {
      throw new IllegalStateException(
          "ask the kernel for this process's id: it needs CAP_BPF and CAP_PERFMON, or the host's pid"
              + " namespace (hostPID)");
    }
    return pid;
  }

  /// How each receiver is doing. After [#close] these are the final numbers.
  public List<ReceiverAccount> receivers() {
    return agent.accounts();
  }

  /// Detaches from the kernel, drains, flushes, and shuts down the exporters if they are its own.
  @Override
  public void close() {
    agent.close();
  }
}
