package dev.ringside.receivers;

import dev.ringside.receivers.linux.SystemCalls;
import java.time.Duration;

/// `syscall_latency`: system calls, and how long they take.
public final class SyscallLatencyType implements ReceiverType<SyscallLatencyOptions> {
  private static final Duration LONGEST = Duration.ofDays(1);

  @Override
  public String name() {
    return "syscall_latency";
  }

  @Override
  public String summary() {
    return "System calls: how many, what fails, how long they take; off unless asked for";
  }

  @Override
  public SyscallLatencyOptions defaults() {
    return SyscallLatencyOptions.DEFAULTS;
  }

  @Override
  public SyscallLatencyOptions forLooking() {
    return defaults().withEvents();
  }

  /// Every system call on the machine takes longer when it runs, watched or not.
  @Override
  public boolean runsByDefault() {
    return false;
  }

  @Override
  public Receiver create(SyscallLatencyOptions options) {
    if (options.minDuration().isNegative() || options.minDuration().compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "min_duration: " + options.minDuration() + "; from 0 to a day");
    }
    RingSize.check(options.ringBytes());
    var calls = SystemCalls.ofThisMachine();
    var choice = SystemCallChoice.of(calls, options.calls(), options.exclude());
    var filter =
        ProcessFilter.of(options.pid(), options.uid(), options.cgroup(), options.command());
    return new SyscallLatencyReceiver(options, filter, calls, choice);
  }
}
