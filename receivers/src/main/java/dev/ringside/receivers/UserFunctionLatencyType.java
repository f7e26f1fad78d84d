package dev.ringside.receivers;

import dev.ringside.receivers.elf.FunctionSearch;
import java.time.Duration;

/// `user_function_latency`: how long functions of programs and shared libraries take.
public final class UserFunctionLatencyType implements ReceiverType<UserFunctionLatencyOptions> {
  private static final Duration LONGEST = Duration.ofDays(1);

  @Override
  public String name() {
    return "user_function_latency";
  }

  @Override
  public String summary() {
    return "Functions of programs and shared libraries that are named: how long they take";
  }

  /// It has to be told which functions, and whoever calls them pays for it.
  @Override
  public boolean runsByDefault() {
    return false;
  }

  @Override
  public UserFunctionLatencyOptions defaults() {
    return UserFunctionLatencyOptions.DEFAULTS;
  }

  @Override
  public UserFunctionLatencyOptions forLooking() {
    return defaults().withEvents();
  }

  @Override
  public Receiver create(UserFunctionLatencyOptions options) {
    try {
      FunctionSearch.check(options.functions());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("functions: " + e.getMessage(), e);
    }
    if (options.minDuration().isNegative() || options.minDuration().compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "min_duration: " + options.minDuration() + "; from 0 to a day");
    }
    RingSize.check(options.ringBytes());
    var filter =
        ProcessFilter.of(options.pid(), options.uid(), options.cgroup(), options.command());
    return new UserFunctionLatencyReceiver(options, filter);
  }
}
