package dev.ringside.receivers;

import dev.ringside.bpf.KernelFunctions;
import dev.ringside.bpf.Selection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The functions of this kernel, looked for once by each choice of patterns: an emulated kernel
/// takes seconds to list them, and what the tests name does not come and go.
final class FunctionsSeenBefore implements FunctionLatencyReceiver.Choosing {
  private final KernelFunctions functions = KernelFunctions.ofThisKernel();
  private final Map<List<String>, Selection> seen = new HashMap<>();

  /// What [FunctionLatencyType] makes of the options, but for that.
  Receiver receiver(FunctionLatencyOptions options) {
    var filter =
        ProcessFilter.of(options.pid(), options.uid(), options.cgroup(), options.command());
    return new FunctionLatencyReceiver(options, filter, this, functions::arguments);
  }

  @Override
  public Selection select(List<String> patterns, boolean force) {
    if (force) return functions.select(patterns, force);
    return seen.computeIfAbsent(patterns, unseen -> functions.select(unseen, false));
  }
}
