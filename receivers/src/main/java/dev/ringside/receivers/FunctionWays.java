package dev.ringside.receivers;

import dev.ringside.bpf.FunctionWay;
import dev.ringside.bpf.FunctionWay.Kind;
import dev.ringside.receivers.FunctionLatencyOptions.Mechanism;
import java.util.List;
import java.util.stream.Stream;

/// How `function_latency` can watch functions, best first.
final class FunctionWays {
  private static final FunctionWay FSESSION = FunctionWay.session(Kind.FSESSION, "on_session", "");
  private static final FunctionWay FSESSION_MULTI =
      FunctionWay.session(Kind.FSESSION_MULTI, "on_session_of_many", "");
  private static final FunctionWay TRAMPOLINE =
      new FunctionWay(Kind.TRAMPOLINE, "on_enter_trampoline", "on_return_trampoline", "");
  private static final FunctionWay KPROBE_SESSION =
      FunctionWay.session(
          Kind.KPROBE_SESSION,
          "on_session_multi",
          "two to three times the instructions of fentry/fexit per call");
  private static final FunctionWay MULTI =
      new FunctionWay(
          Kind.MULTI,
          "on_enter_multi",
          "on_return_multi",
          "two to three times the instructions of fentry/fexit per call");
  private static final FunctionWay KPROBE =
      new FunctionWay(
          Kind.KPROBE,
          "on_enter_kprobe",
          "on_return_kprobe",
          "two to three times the instructions of fentry/fexit per call; a return is missed, and counted,"
              + " when more threads are in the function than the kernel keeps instances for");

  /// Of so many, attaching each by itself takes longer than people wait: emulated, 100 take 15 s,
  /// and by one link nothing that can be measured. A call then costs 3 % more.
  private static final int MANY = 32;

  private FunctionWays() {}

  /// @param order what is tried, one after the other
  /// @param functions how many are to be watched
  static List<FunctionWay> in(List<Mechanism> order, int functions) {
    return order.stream().flatMap(m -> by(m, functions >= MANY)).distinct().toList();
  }

  private static Stream<FunctionWay> by(Mechanism mechanism, boolean many) {
    return switch (mechanism) {
      case ANY ->
          Stream.of(
              many ? FSESSION_MULTI : FSESSION,
              many ? FSESSION : FSESSION_MULTI,
              TRAMPOLINE,
              KPROBE_SESSION,
              MULTI,
              KPROBE);
      case FSESSION -> Stream.of(FSESSION);
      case FSESSION_MULTI -> Stream.of(FSESSION_MULTI);
      case TRAMPOLINE -> Stream.of(TRAMPOLINE);
      case KPROBE_SESSION -> Stream.of(KPROBE_SESSION);
      case KPROBE_MULTI -> Stream.of(MULTI);
      case KPROBE -> Stream.of(KPROBE);
    };
  }
}
