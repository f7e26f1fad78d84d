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
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import java.time.Duration;
import java.util.Collections;
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

  private final FakeProbe kernel = new FakeProbe();
  private final RecordingTelemetry telemetry = new RecordingTelemetry();

  @Test
  void measuresByFunctionAndError() {
    bind(options(Missing.ERROR, Mechanism.ANY), new Selection(FUNCTIONS, List.of(), Map.of()));
    kernel.row("function_durations", new FunctionDurations.FunctionNumber(0), ANY);
    kernel.row("function_durations", new FunctionDurations.FunctionNumber(2), NONE);
    kernel.row("function_failures", new FunctionDurations.FunctionFailure(1, 2), ANY);

    var points = telemetry.histogram(Metrics.KERNEL_FUNCTION_DURATION);

    assertThat(points)
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder(
            Attributes.of(Keys.CODE_FUNCTION_NAME, "vfs_read"),
            Attributes.of(Keys.CODE_FUNCTION_NAME, "vfs_open", Keys.ERROR_TYPE, "ENOENT"));
  }

  @Test
  void measuresByExecutableAndAddsUpWhatThereIsNoRoomFor() {
    var options = FunctionLatencyOptionsBuilder.watching("vfs_*").by(ByWhom.EXECUTABLE, 2).build();
    bind(options, new Selection(FUNCTIONS, List.of(), Map.of()));
    kernel.row("durations_by_whom", new CallsByWhom.CallBy(0, 0, "cat"), ANY);
    kernel.row("durations_by_whom", new CallsByWhom.CallBy(1, 2, ""), ANY);
    kernel.row("function_durations", new FunctionDurations.FunctionNumber(0), ANY);

    var points = telemetry.histogram(Metrics.KERNEL_FUNCTION_DURATION);

    assertThat(kernel.sizes).containsEntry("durations_by_whom", 2L);
    assertThat(points)
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder(
            Attributes.of(Keys.CODE_FUNCTION_NAME, "vfs_read", Keys.PROCESS_EXECUTABLE_NAME, "cat"),
            Attributes.of(Keys.CODE_FUNCTION_NAME, "vfs_open", Keys.ERROR_TYPE, "ENOENT"),
            Attributes.of(Keys.CODE_FUNCTION_NAME, "vfs_read", CallsByWhom.OVERFLOW, true));
  }

  @Test
  void measuresByContainer() {
    var options = FunctionLatencyOptionsBuilder.watching("vfs_*").by(ByWhom.CONTAINER, 2).build();
    bind(options, new Selection(FUNCTIONS, List.of(), Map.of()));
    var id = "0123456789abcdef".repeat(4);
    var name = "docker-" + id + ".scope";
    kernel.row("durations_by_whom", new CallsByWhom.CallBy(0, 0, name), ANY);

    var points = telemetry.histogram(Metrics.KERNEL_FUNCTION_DURATION);

    assertThat(points.getFirst().getKey())
        .isEqualTo(Attributes.of(Keys.CODE_FUNCTION_NAME, "vfs_read", Keys.CONTAINER_ID, id));
  }

  @Test
  void looksForAnErrnoWhereResultsAreSigned() {
    bind(options(Missing.ERROR, Mechanism.ANY), new Selection(FUNCTIONS, List.of(), Map.of()));

    assertThat(kernel.globals.get("function_results")).isEqualTo("\2\1\0\2");
  }

  @Test
  void refusesToBeToldOfResultsThatThereAreNot() {
    var all = new Selection(FUNCTIONS, List.of(), Map.of());
    var unwatched = FunctionLatencyOptionsBuilder.watching("vfs_*").returningNoErrno("vfs_raed");
    var returnsNothing = FunctionLatencyOptionsBuilder.watching("mmput").returningErrno("mmput");

    assertThatThrownBy(() -> bind(unwatched.build(), all))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining(
            "returns_no_errno: vfs_raed is none of the functions that are watched")
        .hasMessageContaining("did you mean vfs_read?");
    assertThatThrownBy(() -> bind(returnsNothing.build(), all))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("returns_errno: mmput returns nothing");
  }

  @Test
  void triesOneMechanismOnlyWhenAsked() {
    bind(options(Missing.ERROR, Mechanism.KPROBE), new Selection(FUNCTIONS, List.of(), Map.of()));

    assertThat(kernel.watched.getFirst().ways())
        .extracting(w -> w.kind())
        .containsExactly(Kind.KPROBE);
  }

  @Test
  void triesMechanismsInTheOrderThatIsAskedFor() {
    bind(
        options(Missing.ERROR, Mechanism.KPROBE, Mechanism.ANY),
        new Selection(FUNCTIONS, List.of(), Map.of()));

    assertThat(kernel.watched.getFirst().ways())
        .extracting(w -> w.kind())
        .containsExactly(
            Kind.KPROBE,
            Kind.FSESSION,
            Kind.FSESSION_MULTI,
            Kind.TRAMPOLINE,
            Kind.KPROBE_SESSION,
            Kind.MULTI);
  }

  @Test
  void prefersOneLinkForManyFunctions() {
    bind(
        options(Missing.ERROR, Mechanism.ANY),
        new Selection(Collections.nCopies(100, FUNCTIONS.getFirst()), List.of(), Map.of()));

    assertThat(kernel.watched.getFirst().ways())
        .extracting(w -> w.kind())
        .startsWith(Kind.FSESSION_MULTI, Kind.FSESSION);
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

  @Test
  void asksNothingAtAnEntryUnlessCallsAreLeftOut() {
    var options = options(Missing.ERROR, Mechanism.ANY);
    var selection = new Selection(FUNCTIONS, List.of(), Map.of());

    bind(options, selection);
    assertThat(kernel.globals).containsEntry("entries_are_alike", 1L);
    bind(options, ProcessFilter.of(0, -1, "", "cat"), selection);
    assertThat(kernel.globals).containsEntry("entries_are_alike", 0L);
  }

  private void bind(FunctionLatencyOptions options, Selection selection) {
    bind(options, ProcessFilter.of(0, -1, "", ""), selection);
  }

  private void bind(FunctionLatencyOptions options, ProcessFilter filter, Selection selection) {
    new FunctionLatencyReceiver(options, filter, (patterns, force) -> selection, paths -> Map.of())
        .bind(kernel, telemetry);
  }

  private static FunctionLatencyOptions options(Missing missing, Mechanism... mechanisms) {
    return FunctionLatencyOptionsBuilder.watching("vfs_*")
        .missing(missing)
        .by(mechanisms)
        .eventsFrom(Duration.ofMillis(1))
        .build();
  }
}
