package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringside.bpf.BpfException;
import dev.ringside.bpf.FunctionWay.Kind;
import dev.ringside.bpf.Histogram;
import dev.ringside.bpf.KernelFunction;
import dev.ringside.bpf.KernelFunction.Returned;
import dev.ringside.bpf.Selection;
import dev.ringside.receivers.FunctionLatencyOptions.Mechanism;
import dev.ringside.receivers.FunctionLatencyOptions.Missing;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FunctionLatencyReceiverTest {
  static final List<KernelFunction> FUNCTIONS =
      List.of(
          new KernelFunction("vfs_read", "", 1, 4, Returned.SIGNED_64),
          new KernelFunction("vfs_open", "", 2, 2, Returned.SIGNED_32),
          new KernelFunction("mmput", "", 3, 1, Returned.NOTHING),
          new KernelFunction("ext4_get_inode", "ext4", 4, 1, Returned.POINTER));
  private static final Selection.Refused TYPO =
      new Selection.Refused("vfs_raed", "is not in this kernel", List.of("vfs_read"));
  private static final Histogram ANY = new Histogram(1, 1, 1, 1, 0, new long[Histogram.BUCKETS]);
  private static final Histogram NONE = new Histogram(0, 0, 0, 0, 0, new long[Histogram.BUCKETS]);
  private static final ObservedProcess PROCESS = new ObservedProcess(1, 2, 3, 1, 2, 0, "reader");

  private final FakeProbe kernel = new FakeProbe();
  private final RecordingTelemetry telemetry = new RecordingTelemetry();

  @Test
  void measuresByFunctionAndError() {
    bind(options(Missing.ERROR, Mechanism.ANY), new Selection(FUNCTIONS, List.of(), Map.of()));
    kernel.row("function_durations", new FunctionLatencyReceiver.FunctionNumber(0), ANY);
    kernel.row("function_durations", new FunctionLatencyReceiver.FunctionNumber(2), NONE);
    kernel.row("function_failures", new FunctionLatencyReceiver.FunctionFailure(1, 2), ANY);

    var points = telemetry.histogram(Metrics.KERNEL_FUNCTION_DURATION);

    assertThat(points)
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder(
            Attributes.of(Keys.CODE_FUNCTION_NAME, "vfs_read"),
            Attributes.of(Keys.CODE_FUNCTION_NAME, "vfs_open", Keys.ERROR_TYPE, "ENOENT"));
  }

  @Test
  void looksForAnErrnoWhereResultsAreSigned() {
    bind(options(Missing.ERROR, Mechanism.ANY), new Selection(FUNCTIONS, List.of(), Map.of()));

    assertThat(kernel.globals.get("function_results")).isEqualTo("\2\1\0\2");
  }

  @Test
  void tellsASlowCall() {
    bind(options(Missing.ERROR, Mechanism.ANY), new Selection(FUNCTIONS, List.of(), Map.of()));

    var cgroup = new CgroupNames("docker-" + "0123456789abcdef".repeat(4) + ".scope", "a", "", "");
    kernel.emit("slow_calls", new SlowCall(9, 1_500_000, PROCESS, -2, 1, 2, "cat", cgroup));

    var event = telemetry.events.getFirst();
    assertThat(event.type()).isEqualTo(Events.KERNEL_FUNCTION_SLOW);
    assertThat(event.get(Keys.CODE_FUNCTION_NAME)).isEqualTo("vfs_open");
    assertThat(event.get(Keys.RINGSIDE_FUNCTION_RESULT)).isEqualTo(-2);
    assertThat(event.get(Keys.RINGSIDE_OPERATION_DURATION)).isEqualTo(0.0015);
    assertThat(event.get(Keys.ERROR_TYPE)).isEqualTo("ENOENT");
    assertThat(event.get(Keys.CONTAINER_ID)).isEqualTo("0123456789abcdef".repeat(4));
  }

  @Test
  void aFunctionThatReturnsNoNumberHasNone() {
    bind(options(Missing.ERROR, Mechanism.ANY), new Selection(FUNCTIONS, List.of(), Map.of()));

    var cgroup = new CgroupNames("", "", "", "");
    kernel.emit("slow_calls", new SlowCall(9, 1, PROCESS, 77, 2, 0, "cat", cgroup));

    assertThat(telemetry.events.getFirst().get(Keys.RINGSIDE_FUNCTION_RESULT)).isNull();
  }

  @Test
  void triesOneMechanismOnlyWhenAsked() {
    bind(options(Missing.ERROR, Mechanism.KPROBE), new Selection(FUNCTIONS, List.of(), Map.of()));

    assertThat(kernel.watched.getFirst().ways())
        .extracting(w -> w.kind())
        .containsExactly(Kind.KPROBE);
  }

  @Test
  void failsOnAFunctionThatIsNotThere() {
    var selection = new Selection(FUNCTIONS, List.of(TYPO), Map.of());

    assertThatThrownBy(() -> bind(options(Missing.ERROR, Mechanism.ANY), selection))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("vfs_raed is not in this kernel; did you mean vfs_read?")
        .hasMessageContaining("missing: warn");
  }

  @Test
  void saysWhatItGoesWithout() {
    bind(options(Missing.WARN, Mechanism.ANY), new Selection(FUNCTIONS, List.of(TYPO), Map.of()));

    assertThat(kernel.watched.getFirst().without())
        .containsOnly(Map.entry("vfs_raed", TYPO.toString()));
  }

  @Test
  void failsWhenNothingIsLeft() {
    var selection = new Selection(List.of(), List.of(TYPO), Map.of());

    assertThatThrownBy(() -> bind(options(Missing.IGNORE, Mechanism.ANY), selection))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("nothing to watch");
  }

  private void bind(FunctionLatencyOptions options, Selection selection) {
    var filter = ProcessFilter.of(0, -1, "", "");
    new FunctionLatencyReceiver(options, filter, (patterns, force) -> selection)
        .bind(kernel, telemetry);
  }

  static FunctionLatencyOptions options(Missing missing, Mechanism mechanism) {
    return new FunctionLatencyOptions(
        List.of("vfs_*"),
        missing,
        mechanism,
        false,
        0,
        -1,
        "",
        "",
        true,
        Duration.ofMillis(1),
        4096);
  }
}
