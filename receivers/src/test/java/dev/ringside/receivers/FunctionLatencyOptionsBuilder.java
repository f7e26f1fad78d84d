package dev.ringside.receivers;

import dev.ringside.receivers.FunctionLatencyOptions.Mechanism;
import dev.ringside.receivers.FunctionLatencyOptions.Missing;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Options of `function_latency`, each said only by a test that it matters to. Events are of all
/// calls, unless it is said of which.
final class FunctionLatencyOptionsBuilder {
  private final List<String> functions;
  private Missing missing = Missing.ERROR;
  private List<Mechanism> mechanism = List.of(Mechanism.ANY);
  private List<String> returnsErrno = List.of();
  private List<String> returnsNoErrno = List.of();
  private int pid;
  private String cgroup = "";
  private String command = "";
  private ByWhom by = ByWhom.FUNCTION;
  private int series = 200;
  private boolean events;
  private Duration minDuration = Duration.ZERO;
  private String result = "";
  private Map<String, List<String>> arguments = Map.of();
  private boolean kernelStack;
  private boolean userStack;

  private FunctionLatencyOptionsBuilder(List<String> functions) {
    this.functions = functions;
  }

  static FunctionLatencyOptionsBuilder watching(String... functions) {
    return watching(List.of(functions));
  }

  static FunctionLatencyOptionsBuilder watching(List<String> functions) {
    return new FunctionLatencyOptionsBuilder(functions);
  }

  FunctionLatencyOptionsBuilder returningErrno(String... functions) {
    returnsErrno = List.of(functions);
    return this;
  }

  FunctionLatencyOptionsBuilder returningNoErrno(String... functions) {
    returnsNoErrno = List.of(functions);
    return this;
  }

  FunctionLatencyOptionsBuilder in(OwnCgroup cgroup) {
    this.cgroup = cgroup.path();
    return this;
  }

  FunctionLatencyOptionsBuilder ofProcess(long pid) {
    this.pid = (int) pid;
    return this;
  }

  FunctionLatencyOptionsBuilder ofCommand(String command) {
    this.command = command;
    return this;
  }

  FunctionLatencyOptionsBuilder missing(Missing missing) {
    this.missing = missing;
    return this;
  }

  FunctionLatencyOptionsBuilder by(Mechanism... mechanisms) {
    this.mechanism = List.of(mechanisms);
    return this;
  }

  FunctionLatencyOptionsBuilder by(ByWhom by, int series) {
    this.by = by;
    this.series = series;
    return this;
  }

  FunctionLatencyOptionsBuilder events() {
    events = true;
    return this;
  }

  FunctionLatencyOptionsBuilder eventsFrom(Duration minDuration) {
    this.minDuration = minDuration;
    return events();
  }

  FunctionLatencyOptionsBuilder eventsWithResult(String result) {
    this.result = result;
    return events();
  }

  /// The same of each function.
  FunctionLatencyOptionsBuilder eventsWithArguments(String... paths) {
    var byFunction = new HashMap<String, List<String>>();
    functions.forEach(f -> byFunction.put(f, List.of(paths)));
    return eventsWithArguments(byFunction);
  }

  FunctionLatencyOptionsBuilder eventsWithArguments(Map<String, List<String>> byFunction) {
    arguments = byFunction;
    return events();
  }

  FunctionLatencyOptionsBuilder eventsWithStacks() {
    kernelStack = true;
    return eventsWithUserStack();
  }

  FunctionLatencyOptionsBuilder eventsWithUserStack() {
    userStack = true;
    return events();
  }

  FunctionLatencyOptions build() {
    return new FunctionLatencyOptions(
        functions,
        missing,
        mechanism,
        false,
        returnsErrno,
        returnsNoErrno,
        pid,
        -1,
        cgroup,
        command,
        by,
        series,
        events,
        minDuration,
        false,
        result,
        arguments,
        kernelStack,
        userStack,
        1 << 20);
  }
}
