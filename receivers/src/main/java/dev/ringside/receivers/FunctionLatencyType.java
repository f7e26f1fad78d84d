package dev.ringside.receivers;

import dev.ringside.bpf.KernelFunctions;
import java.time.Duration;

/// `function_latency`: functions of the kernel.
public final class FunctionLatencyType implements ReceiverType<FunctionLatencyOptions> {
  private static final Duration LONGEST = Duration.ofDays(1);

  @Override
  public String name() {
    return "function_latency";
  }

  @Override
  public String summary() {
    return "How long functions of the kernel take, and what errors they return";
  }

  @Override
  public FunctionLatencyOptions defaults() {
    return FunctionLatencyOptions.DEFAULTS;
  }

  @Override
  public FunctionLatencyOptions forLooking() {
    return defaults().withEvents();
  }

  /// What is worth watching is for people to say.
  @Override
  public boolean runsByDefault() {
    return false;
  }

  @Override
  public Receiver create(FunctionLatencyOptions options) {
    if (options.functions().isEmpty()) {
      throw new IllegalArgumentException(
          "functions: none; name some, for example vfs_read or preset:vfs");
    }
    if (options.minDuration().isNegative() || options.minDuration().compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "min_duration: " + options.minDuration() + "; from 0 to a day");
    }
    ResultFilter.of(options.result());
    requireEvents(options, !options.arguments().isEmpty(), "arguments");
    requireEvents(options, options.kernelStack(), "kernel_stack");
    requireEvents(options, options.userStack(), "user_stack");
    RingSize.check(options.ringBytes());
    var filter =
        ProcessFilter.of(options.pid(), options.uid(), options.cgroup(), options.command());
    var kernel = KernelFunctions.ofThisKernel();
    return new FunctionLatencyReceiver(options, filter, kernel::select, kernel::arguments);
  }

  private static void requireEvents(
      FunctionLatencyOptions options, boolean isAskedFor, String option) {
    if (!isAskedFor || options.events()) return;
    throw new IllegalArgumentException(
        option + ": only events tell this; set events to true, or leave it out");
  }
}
