package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.params.provider.EnumSource.Mode.EXCLUDE;

import dev.ringside.bpf.Histogram;
import dev.ringside.bpf.UnsupportedKernelException;
import dev.ringside.receivers.FunctionLatencyOptions.Mechanism;
import dev.ringside.receivers.FunctionLatencyOptions.Missing;
import dev.ringside.receivers.RecordingTelemetry.Event;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Calls that are awkward to count, by each mechanism. One observation has them all, since each
/// start of a receiver takes its time in an emulated kernel. Only in a guest, which has a second
/// processor to switch on.
@Tag("guest")
class FunctionCallsIT {
  /// `path_put` ends by jumping to `mntput`. What sleeps moves to another processor, and says
  /// itself how long it was away. Reading so much from `/dev/zero` takes several ticks of the
  /// clock, each of which calls `update_process_times`. `do_group_exit` does not return.
  /// `notify_change` of a file in an overlay calls itself, for the file below; the laboratory's
  /// root is an overlay.
  private static final List<String> FUNCTIONS =
      List.of(
          "path_put",
          "mntput",
          "hrtimer_nanosleep",
          "vfs_read",
          "update_process_times",
          "do_group_exit",
          "notify_change");

  private static final long MUCH = 32 << 20;

  private static final String WORKLOAD =
      """
      for mode in 600 640 644 640 600; do chmod $mode $0; done
      stat / /proc /sys /dev /proc /sys /dev /proc /sys /dev > /dev/null
      taskset -c 0 $1 nap 1 3000000 & sleeper=$!
      until grep -q '(functions) S' /proc/$sleeper/stat || ! kill -0 $sleeper; do :; done
      until taskset -pc 1 $sleeper > /dev/null 2>&1 || ! kill -0 $sleeper; do :; done
      wait
      dd if=/dev/zero of=/dev/null bs=%d count=8 status=none
      """
          .formatted(MUCH);

  private static final int CHANGES = 5;

  private static final long SLEEPERS = 24;

  private static final Set<Mechanism> AT_TRAMPOLINES =
      EnumSet.of(Mechanism.FSESSION, Mechanism.FSESSION_MULTI, Mechanism.TRAMPOLINE);

  private static final Path ONLINE = Path.of("/sys/devices/system/cpu/cpu1/online");

  @TempDir Path directory;

  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");

  @BeforeEach
  void begin() throws IOException {
    Files.writeString(ONLINE, "1");
  }

  @AfterEach
  void end() throws IOException {
    Files.writeString(ONLINE, "0");
  }

  @ParameterizedTest
  @EnumSource(mode = EXCLUDE, names = "ANY")
  void countsACallOnceWhateverHappensInIt(Mechanism mechanism) throws Exception {
    try (var observation =
        FunctionLatencyReceiverIT.start(
            FunctionLatencyOptionsBuilder.watching(FUNCTIONS)
                .in(cgroup)
                .by(mechanism)
                .missing(Missing.WARN)
                .eventsWithResult(">=0")
                .build())) {
      var file = Files.createFile(directory.resolve("file")).toString();
      var sleeper = UserFunctionLatencyReceiverIT.PROGRAM.path();
      var said =
          Calls.command(cgroup.enter(List.of("/bin/sh", "-c", WORKLOAD, file, sleeper)), Map.of());
      long sleptNs = Long.parseLong(said.getFirst());

      var telemetry = observation.end();

      var took = durations(telemetry);
      assertThat(took.get("path_put").count()).isGreaterThanOrEqualTo(10);
      assertThat(took.get("mntput").count()).isGreaterThanOrEqualTo(took.get("path_put").count());
      assertThat(took.get("hrtimer_nanosleep").count()).isEqualTo(1);
      assertThat(took.get("hrtimer_nanosleep").maxNs()).isBetween(3_000_000_000L, sleptNs);
      assertThat((double) took.get("hrtimer_nanosleep").sumNs())
          .isCloseTo(sleptNs, within(0.05 * sleptNs));
      assertThat(took.get("update_process_times").count()).isPositive();
      assertThat(took).doesNotContainKey("do_group_exit");
      assertThat(calls(telemetry, "vfs_read"))
          .filteredOn(e -> e.get(Keys.RINGSIDE_FUNCTION_RESULT) == MUCH)
          .hasSize(8);
      assertThat(took.get("notify_change").count()).isEqualTo(2 * CHANGES);
      assertEachSecondContainsTheOneBefore(calls(telemetry, "notify_change"));
    }
  }

  /// The kernel has room for so many returns at kprobes as there are processors, or for ten; before
  /// 6.7 it does not say how many more there were. What it leaves out is found by the entries,
  /// which a session has none of its own of; sessions are younger. At a trampoline there is room
  /// for all, but no program runs for a thread while it runs for another one, which was put aside
  /// on the same processor: the kernel leaves out the entry, the return or both, and counts each.
  @ParameterizedTest
  @EnumSource(mode = EXCLUDE, names = "ANY")
  void countsEachOfManyCallsAtOnceOrSaysThatItWasMissed(Mechanism mechanism) throws Exception {
    try (var observation =
        FunctionLatencyReceiverIT.start(
            FunctionLatencyOptionsBuilder.watching("hrtimer_nanosleep")
                .in(cgroup)
                .by(mechanism)
                .build())) {
      boolean byTrampoline = AT_TRAMPOLINES.contains(mechanism);
      var all = "for i in $(seq %d); do sleep %s & done; wait";
      var sleepers = all.formatted(SLEEPERS, byTrampoline ? 0.3 : 3);
      Calls.command(cgroup.enter(List.of("/bin/sh", "-c", sleepers)), Map.of());

      long missed = observation.missedReturns();
      long saidByKernel = observation.missed();
      long counted = durations(observation.end()).get("hrtimer_nanosleep").count();
      if (mechanism == Mechanism.KPROBE) assertThat(counted).isLessThan(SLEEPERS);
      if (byTrampoline || mechanism == Mechanism.KPROBE_SESSION)
        assertThat(SLEEPERS).isBetween(counted, counted + saidByKernel);
      else assertThat(counted + missed).isEqualTo(SLEEPERS);
    }
  }

  @Test
  void failsOnAFunctionThatWasNamedAndThatTheKernelRefuses() {
    // No kprobe may be put on what kprobes themselves may run into. Trampolines may.
    var refused =
        FunctionLatencyOptionsBuilder.watching("vfs_read", "atomic_notifier_call_chain")
            .in(cgroup)
            .by(Mechanism.KPROBE)
            .build();

    assertThatThrownBy(() -> startOrSkip(refused))
        .isInstanceOf(UnsupportedKernelException.class)
        .hasMessageContaining("the kernel lets nobody watch atomic_notifier_call_chain")
        .hasMessageContaining("missing: warn");
  }

  /// Skips only where nothing at all can be watched.
  private static void startOrSkip(FunctionLatencyOptions options) {
    try {
      Observation.start(new FunctionLatencyType(), options).close();
    } catch (UnsupportedKernelException e) {
      assumeFalse(
          e.getMessage().contains("none of the functions"),
          "this kernel watches no functions by kprobe/kretprobe: " + e.getMessage());
      throw e;
    }
  }

  private static List<Event> calls(RecordingTelemetry telemetry, String function) {
    return telemetry.events.stream()
        .filter(e -> e.get(Keys.CODE_FUNCTION_NAME).equals(function))
        .toList();
  }

  private static void assertEachSecondContainsTheOneBefore(List<Event> calls) {
    assertThat(calls).hasSize(2 * CHANGES);
    for (int i = 0; i < calls.size(); i += 2) {
      var inner = calls.get(i);
      var outer = calls.get(i + 1);
      assertThat(begin(outer)).isLessThan(begin(inner));
      assertThat(outer.time()).isGreaterThan(inner.time());
    }
  }

  private static long begin(Event call) {
    return call.time() - Math.round(call.get(Keys.RINGSIDE_OPERATION_DURATION) * 1e9);
  }

  private static Map<String, Histogram> durations(RecordingTelemetry telemetry) {
    var durations = new HashMap<String, Histogram>();
    telemetry
        .histogram(Metrics.KERNEL_FUNCTION_DURATION)
        .forEach(point -> {
          if (point.getKey().get(Keys.ERROR_TYPE) == null)
            durations.put(point.getKey().get(Keys.CODE_FUNCTION_NAME), point.getValue());
        });
    return durations;
  }
}
