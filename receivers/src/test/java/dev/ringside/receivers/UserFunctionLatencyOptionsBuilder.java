package dev.ringside.receivers;

import dev.ringside.receivers.UserFunctionLatencyOptions.Mechanism;
import dev.ringside.receivers.UserFunctionLatencyOptions.Missing;
import java.time.Duration;
import java.util.List;

/// Options of `user_function_latency`, each said only by a test that it matters to.
final class UserFunctionLatencyOptionsBuilder {
  private final List<String> functions;
  private Missing missing = Missing.ERROR;
  private Mechanism mechanism = Mechanism.ANY;
  private int pid;
  private long uid = -1;
  private String cgroup = "";
  private String command = "";
  private ByWhom by = ByWhom.FUNCTION;
  private int series = 200;
  private boolean events;
  private Duration minDuration = Duration.ZERO;

  private UserFunctionLatencyOptionsBuilder(List<String> functions) {
    this.functions = functions;
  }

  /// @param functions each with its binary before a colon
  static UserFunctionLatencyOptionsBuilder watching(String... functions) {
    return new UserFunctionLatencyOptionsBuilder(List.of(functions));
  }

  UserFunctionLatencyOptionsBuilder missing(Missing missing) {
    this.missing = missing;
    return this;
  }

  UserFunctionLatencyOptionsBuilder by(Mechanism mechanism) {
    this.mechanism = mechanism;
    return this;
  }

  UserFunctionLatencyOptionsBuilder ofProcess(long pid) {
    this.pid = (int) pid;
    return this;
  }

  UserFunctionLatencyOptionsBuilder ofUser(long uid) {
    this.uid = uid;
    return this;
  }

  UserFunctionLatencyOptionsBuilder in(OwnCgroup cgroup) {
    this.cgroup = cgroup.path();
    return this;
  }

  UserFunctionLatencyOptionsBuilder ofCommand(String command) {
    this.command = command;
    return this;
  }

  UserFunctionLatencyOptionsBuilder by(ByWhom by, int series) {
    this.by = by;
    this.series = series;
    return this;
  }

  UserFunctionLatencyOptionsBuilder eventsFrom(Duration minDuration) {
    this.minDuration = minDuration;
    events = true;
    return this;
  }

  UserFunctionLatencyOptions build() {
    return new UserFunctionLatencyOptions(
        functions,
        missing,
        mechanism,
        pid,
        uid,
        cgroup,
        command,
        by,
        series,
        events,
        minDuration,
        1 << 16);
  }
}
