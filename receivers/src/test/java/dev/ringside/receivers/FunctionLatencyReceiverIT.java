package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.bpf.BpfException;
import dev.ringside.bpf.Histogram;
import dev.ringside.bpf.UnsupportedKernelException;
import dev.ringside.receivers.FunctionLatencyOptions.Mechanism;
import dev.ringside.receivers.FunctionLatencyOptions.Missing;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FunctionLatencyReceiverIT {
  private static final String OPEN = "do_sys_openat2";
  private static final FunctionsSeenBefore KERNEL = new FunctionsSeenBefore();

  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");

  @ParameterizedTest
  @EnumSource
  void tellsDurationsByFunctionAndError(Mechanism mechanism) throws Exception {
    try (var observation = start(watching(OPEN).by(mechanism).build())) {
      Calls.run(cgroup, "open /nosuch 0 0 ".repeat(7) + "open / 0 0 open /proc/self/exe 0 0");

      var telemetry = observation.end();

      assertThat(counts(telemetry))
          .containsOnly(Map.entry(OPEN, 2L), Map.entry(OPEN + " ENOENT", 7L));
    }
  }

  /// `vm_mmap_pgoff` returns an address or a negated errno, as an unsigned number.
  @ParameterizedTest
  @EnumSource
  void takesForAnErrnoWhatOneSaysIsOne(Mechanism mechanism) throws Exception {
    var options = watching(OPEN, "vm_mmap_pgoff").by(mechanism).returningErrno("vm_mmap_pgoff");
    try (var observation = start(options.returningNoErrno(OPEN).build())) {
      Calls.run(cgroup, "empty-mmap 5 open /nosuch 0 0 open / 0 0");

      var telemetry = observation.end();

      assertThat(counts(telemetry))
          .containsOnlyKeys(OPEN, "vm_mmap_pgoff", "vm_mmap_pgoff EINVAL")
          .containsEntry(OPEN, 2L)
          .containsEntry("vm_mmap_pgoff EINVAL", 5L);
    }
  }

  @Test
  void tellsDurationsByExecutableAsLongAsThereIsRoom() throws Exception {
    try (var observation = start(watching(OPEN).by(ByWhom.EXECUTABLE, 2).build())) {
      // The shell that starts it, and it itself. Then there is no room for another one.
      Calls.run(cgroup, "open / 0 0 ".repeat(3));
      Calls.command(cgroup.enter(List.of("sleep", "0")), Map.of());

      var telemetry = observation.end();

      var byWhom = new HashMap<String, Long>();
      telemetry
          .histogram(Metrics.KERNEL_FUNCTION_DURATION)
          .forEach(p ->
              byWhom.merge(
                  p.getKey().get(Keys.PROCESS_EXECUTABLE_NAME)
                      + " "
                      + p.getKey().get(CallsByWhom.OVERFLOW),
                  p.getValue().count(),
                  Long::sum));
      assertThat(byWhom).containsEntry("calls null", 3L);
      assertThat(byWhom.get("null true")).isPositive();
    }
  }

  @Test
  void tellsACallThatTookLong() throws Exception {
    var options = watching("hrtimer_nanosleep").eventsFrom(Duration.ofMillis(100));
    try (var observation = start(options.build())) {
      long begin = System.nanoTime();
      Calls.command(cgroup.enter(List.of("sleep", "0.2")), Map.of());
      double all = (System.nanoTime() - begin) / 1e9;
      Calls.command(cgroup.enter(List.of("sleep", "0.001")), Map.of());

      var telemetry = observation.end();

      assertThat(telemetry.events)
          .singleElement()
          .satisfies(e -> assertThat(e.get(Keys.CODE_FUNCTION_NAME)).isEqualTo("hrtimer_nanosleep"))
          .satisfies(e -> assertThat(e.get(Keys.PROCESS_EXECUTABLE_NAME)).isEqualTo("sleep"))
          .satisfies(e -> assertThat(e.get(Keys.RINGSIDE_FUNCTION_RESULT)).isZero())
          .satisfies(e -> assertThat(e.get(Keys.RINGSIDE_OPERATION_DURATION)).isBetween(0.2, all));
    }
  }

  @Test
  void watchesAWholePreset() throws Exception {
    var options = watching("preset:vfs").build();
    try (var observation = start(options, new FunctionLatencyType().create(options))) {
      Calls.run(cgroup, "open / 0 0");

      var telemetry = observation.end();

      assertThat(counts(telemetry).keySet()).anyMatch(f -> f.startsWith("vfs_"));
    }
  }

  @Test
  void refusesAFunctionThatIsNotThereAndNamesTheNearest() {
    var options = watching(OPEN, "vfs_raed").build();

    assertThatThrownBy(() -> Observation.start(new FunctionLatencyType(), options))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("vfs_raed")
        .hasMessageContaining("vfs_read");
  }

  @Test
  void goesOnWithoutAFunctionThatIsNotThereWhenAsked() throws Exception {
    var options = watching("vfs_raed", OPEN).missing(Missing.WARN);
    try (var observation = start(options.build())) {
      Calls.run(cgroup, "open / 0 0");

      assertThat(counts(observation.end())).containsKey(OPEN);
      assertThat(observation.plan().functions())
          .filteredOn(f -> f.holds().isEmpty())
          .extracting(f -> f.need().name())
          .containsExactly("vfs_raed");
    }
  }

  static Observation start(FunctionLatencyOptions options) {
    return start(options, KERNEL.receiver(options));
  }

  private static Observation start(FunctionLatencyOptions options, Receiver receiver) {
    try {
      return Observation.start(new FunctionLatencyType(), receiver);
    } catch (UnsupportedKernelException e) {
      var by =
          switch (options.mechanism().getFirst()) {
            case ANY -> "any way";
            case FSESSION -> "fsession";
            case FSESSION_MULTI -> "fsession.multi";
            case KPROBE_SESSION -> "kprobe.session";
            case TRAMPOLINE -> "fentry/fexit";
            case KPROBE_MULTI -> "kprobe.multi";
            case KPROBE -> "kprobe/kretprobe";
          };
      assumeTrue(false, "this kernel watches no functions by " + by + ": " + e.getMessage());
      throw e;
    }
  }

  private FunctionLatencyOptionsBuilder watching(String... functions) {
    return FunctionLatencyOptionsBuilder.watching(functions).in(cgroup);
  }

  private static Map<String, Long> counts(RecordingTelemetry telemetry) {
    var counts = new HashMap<String, Long>();
    for (Map.Entry<Attributes, Histogram> point :
        telemetry.histogram(Metrics.KERNEL_FUNCTION_DURATION)) {
      var name = point.getKey().get(Keys.CODE_FUNCTION_NAME);
      var error = point.getKey().get(Keys.ERROR_TYPE);
      counts.merge(error == null ? name : name + " " + error, point.getValue().count(), Long::sum);
    }
    return counts;
  }
}
