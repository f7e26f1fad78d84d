package dev.ringside.receivers;

import java.util.List;

/// `process_exec`: programs that start, and how they end.
public final class ProcessExecType implements ReceiverType<ProcessExecOptions> {
  private static final List<String> ATTRIBUTES =
      List.of(
          ProcessExecOptions.WORKING_DIRECTORY, ProcessExecOptions.VPID, ProcessExecOptions.CGROUP);

  @Override
  public String name() {
    return "process_exec";
  }

  @Override
  public String summary() {
    return "Programs that start (execve, execveat, also failed ones), and how processes end";
  }

  @Override
  public ProcessExecOptions defaults() {
    return ProcessExecOptions.DEFAULTS;
  }

  @Override
  public Receiver create(ProcessExecOptions options) {
    for (String attribute : options.attributes()) {
      if (!ATTRIBUTES.contains(attribute)) {
        throw new IllegalArgumentException(
            "attributes: '" + attribute + "'; any of " + String.join(", ", ATTRIBUTES));
      }
    }
    RingSize.check(options.ringBytes());
    var filter =
        ProcessFilter.of(options.pid(), options.uid(), options.cgroup(), options.command());
    return new ProcessExecReceiver(options, filter);
  }
}
