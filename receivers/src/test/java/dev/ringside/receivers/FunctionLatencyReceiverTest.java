package dev.ringside.receivers;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringside.bpf.ArgumentTable;
import dev.ringside.bpf.ArgumentType;
import dev.ringside.bpf.ArgumentType.Whole;
import dev.ringside.bpf.BpfException;
import dev.ringside.bpf.FunctionArgument;
import dev.ringside.bpf.FunctionWay.Kind;
import dev.ringside.bpf.Histogram;
import dev.ringside.bpf.KernelFunction;
import dev.ringside.bpf.KernelFunction.Returned;
import dev.ringside.bpf.Selection;
import dev.ringside.bpf.Text;
import dev.ringside.receivers.FunctionLatencyOptions.Mechanism;
import dev.ringside.receivers.FunctionLatencyOptions.Missing;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
  private static final ObservedProcess PROCESS = new ObservedProcess(1, 2, 3, 1, 2, 0, "reader");

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
  void tellsASlowCall() {
    bind(options(Missing.ERROR, Mechanism.ANY), new Selection(FUNCTIONS, List.of(), Map.of()));

    var cgroup = new CgroupNames("docker-" + "0123456789abcdef".repeat(4) + ".scope", "a", "", "");
    kernel.emit(
        "slow_calls",
        new SlowCall(
            9,
            1_500_000,
            PROCESS,
            -2,
            1,
            2,
            "cat",
            cgroup,
            Text.EMPTY,
            Text.EMPTY,
            Text.EMPTY,
            Text.EMPTY));

    var event = telemetry.events.getFirst();
    assertThat(event.type()).isEqualTo(Events.KERNEL_FUNCTION_SLOW);
    assertThat(event.get(Keys.CODE_FUNCTION_NAME)).isEqualTo("vfs_open");
    assertThat(event.get(Keys.RINGSIDE_FUNCTION_RESULT)).isEqualTo(-2);
    assertThat(event.get(Keys.RINGSIDE_OPERATION_DURATION)).isEqualTo(0.0015);
    assertThat(event.get(Keys.ERROR_TYPE)).isEqualTo("ENOENT");
    assertThat(event.get(Keys.CONTAINER_ID)).isEqualTo("0123456789abcdef".repeat(4));
  }

  @Test
  void aSlowCallStandsInTheSpanInWhichItBegan() {
    telemetry.contexts = new OneThread(PROCESS.pid(), PROCESS.tid(), 8);
    bind(options(Missing.ERROR, Mechanism.ANY), new Selection(FUNCTIONS, List.of(), Map.of()));

    kernel.emit("slow_calls", call(1, Text.EMPTY));

    assertThat(telemetry.events.getFirst().span()).isEqualTo(OneThread.SPAN);
    assertThat(telemetry.exemplars)
        .containsExactly(
            new RecordingTelemetry.Exemplar(
                Metrics.KERNEL_FUNCTION_DURATION,
                Attributes.of(Keys.CODE_FUNCTION_NAME, "vfs_open"),
                1,
                9,
                OneThread.SPAN));
  }

  @Test
  void aSlowCallIsAnExemplarOfTheSeriesByWhomItIsCounted() {
    telemetry.contexts = new OneThread(PROCESS.pid(), PROCESS.tid(), 8);
    var options =
        FunctionLatencyOptionsBuilder.watching("vfs_*").by(ByWhom.EXECUTABLE, 2).events().build();
    bind(options, new Selection(FUNCTIONS, List.of(), Map.of()));

    kernel.emit("slow_calls", call(1, Text.EMPTY));

    assertThat(telemetry.exemplars.getFirst().series())
        .isEqualTo(
            Attributes.of(
                Keys.CODE_FUNCTION_NAME, "vfs_open", Keys.PROCESS_EXECUTABLE_NAME, "cat"));
  }

  @Test
  void aFunctionThatReturnsNoNumberHasNone() {
    bind(options(Missing.ERROR, Mechanism.ANY), new Selection(FUNCTIONS, List.of(), Map.of()));

    var cgroup = new CgroupNames("", "", "", "");
    kernel.emit(
        "slow_calls",
        new SlowCall(
            9,
            1,
            PROCESS,
            77,
            2,
            0,
            "cat",
            cgroup,
            Text.EMPTY,
            Text.EMPTY,
            Text.EMPTY,
            Text.EMPTY));

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
  void tellsWhatACallWasMadeWith() {
    var paths =
        Map.of(
            FUNCTIONS.getFirst(),
            List.of(
                argument("count", new Whole(0, 32, true, false)),
                argument("file->f_path.dentry->d_name", new ArgumentType.Characters()),
                argument("buf->gone", new ArgumentType.Address())));
    var options = asking(Map.of("vfs_read", List.of("count")));
    bind(options, new Selection(FUNCTIONS, List.of(), Map.of()), paths);

    kernel.emit("slow_calls", call(0, arguments(-7, "mysql://root:secret@db/x", -14)));

    assertThat(kernel.globals).containsEntry("keep_arguments", 1L);
    var event = telemetry.events.getFirst();
    assertThat(event.get(longKey("ringside.function.argument.count"))).isEqualTo(-7);
    assertThat(event.get(stringKey("ringside.function.argument.file.f_path.dentry.d_name")))
        .isEqualTo("mysql://root:[REDACTED]@db/x");
    assertThat(event.attributes()).doesNotContainKey(stringKey("ringside.function.argument.buf"));
  }

  @Test
  void failsOnArgumentsOfAFunctionThatIsNotWatched() {
    var options = asking(Map.of("vfs_opne", List.of("path")));

    assertThatThrownBy(() -> bind(options, new Selection(FUNCTIONS, List.of(), Map.of())))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("arguments: vfs_opne is not among the functions that are watched")
        .hasMessageContaining("did you mean vfs_open?");
  }

  @Test
  void asksForResultsAsTheKernelHasThem() {
    var options = FunctionLatencyOptionsBuilder.watching("vfs_*").eventsWithResult("<0").build();

    bind(options, new Selection(FUNCTIONS, List.of(), Map.of()));

    assertThat(kernel.globals)
        .containsEntry("filter_result", 1L)
        .containsEntry("most_result", -1L)
        .containsEntry("result_numbers", "\3\1\0\0");
  }

  private static FunctionArgument argument(String path, ArgumentType type) {
    return new FunctionArgument(path, 0, false, List.of(), 0, 8, type);
  }

  private static SlowCall call(int function, Text arguments) {
    var cgroup = new CgroupNames("", "", "", "");
    return new SlowCall(
        9,
        1,
        PROCESS,
        0,
        function,
        0,
        "cat",
        cgroup,
        arguments,
        Text.EMPTY,
        Text.EMPTY,
        Text.EMPTY);
  }

  /// A number, a text, and an error of what could not be read.
  private static Text arguments(int number, String text, int error) {
    var bytes =
        ByteBuffer.allocate(3 * ArgumentTable.ARGUMENT_BYTES).order(ByteOrder.nativeOrder());
    bytes.putInt(0, 4).putInt(4, number);
    int at = ArgumentTable.ARGUMENT_BYTES;
    bytes.putInt(at, text.length() + 1).put(at + 4, text.getBytes());
    bytes.putInt(2 * at, error);
    return new Text(bytes.array(), false);
  }

  private static FunctionLatencyOptions asking(Map<String, List<String>> arguments) {
    return FunctionLatencyOptionsBuilder.watching("vfs_*").eventsWithArguments(arguments).build();
  }

  private void bind(
      FunctionLatencyOptions options,
      Selection selection,
      Map<KernelFunction, List<FunctionArgument>> arguments) {
    var filter = ProcessFilter.of(0, -1, "", "");
    new FunctionLatencyReceiver(options, filter, (patterns, force) -> selection, paths -> arguments)
        .bind(kernel, telemetry);
  }

  private void bind(FunctionLatencyOptions options, Selection selection) {
    bind(options, selection, Map.of());
  }

  private static FunctionLatencyOptions options(Missing missing, Mechanism... mechanisms) {
    return FunctionLatencyOptionsBuilder.watching("vfs_*")
        .missing(missing)
        .by(mechanisms)
        .eventsFrom(Duration.ofMillis(1))
        .build();
  }
}
