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
import dev.ringside.bpf.KernelFunction;
import dev.ringside.bpf.Selection;
import dev.ringside.bpf.Text;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What `function_latency` tells of single calls.
class FunctionSlowCallTest {
  private static final List<KernelFunction> FUNCTIONS = FunctionLatencyReceiverTest.FUNCTIONS;
  private static final ObservedProcess PROCESS = new ObservedProcess(1, 2, 3, 1, 2, 0, "reader");
  private static final FunctionLatencyOptions TOLD =
      FunctionLatencyOptionsBuilder.watching("vfs_*").eventsFrom(Duration.ofMillis(1)).build();

  private final FakeProbe kernel = new FakeProbe();
  private final RecordingTelemetry telemetry = new RecordingTelemetry();

  @Test
  void tellsASlowCall() {
    bind(TOLD);

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
    bind(TOLD);

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
    bind(options);

    kernel.emit("slow_calls", call(1, Text.EMPTY));

    assertThat(telemetry.exemplars.getFirst().series())
        .isEqualTo(
            Attributes.of(
                Keys.CODE_FUNCTION_NAME, "vfs_open", Keys.PROCESS_EXECUTABLE_NAME, "cat"));
  }

  @Test
  void aFunctionThatReturnsNoNumberHasNone() {
    bind(TOLD);

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
  void tellsWhatACallWasMadeWith() {
    var paths =
        Map.of(
            FUNCTIONS.getFirst(),
            List.of(
                argument("count", new Whole(0, 32, true, false)),
                argument("file->f_path.dentry->d_name", new ArgumentType.Characters()),
                argument("buf->gone", new ArgumentType.Address())));
    var options = asking(Map.of("vfs_read", List.of("count")));
    bind(options, paths);

    kernel.emit("slow_calls", call(0, arguments(-7, "mysql://root:secret@db/x", -14)));

    assertThat(kernel.globals)
        .containsEntry("keep_arguments", 1L)
        .containsEntry("entries_are_alike", 0L);
    var event = telemetry.events.getFirst();
    assertThat(event.get(longKey("ringside.function.argument.count"))).isEqualTo(-7);
    assertThat(event.get(stringKey("ringside.function.argument.file.f_path.dentry.d_name")))
        .isEqualTo("mysql://root:[REDACTED]@db/x");
    assertThat(event.attributes()).doesNotContainKey(stringKey("ringside.function.argument.buf"));
  }

  @Test
  void failsOnArgumentsOfAFunctionThatIsNotWatched() {
    var options = asking(Map.of("vfs_opne", List.of("path")));

    assertThatThrownBy(() -> bind(options))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("arguments: vfs_opne is not among the functions that are watched")
        .hasMessageContaining("did you mean vfs_open?");
  }

  @Test
  void asksForResultsAsTheKernelHasThem() {
    var options = FunctionLatencyOptionsBuilder.watching("vfs_*").eventsWithResult("<0").build();

    bind(options);

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

  private void bind(FunctionLatencyOptions options) {
    bind(options, Map.of());
  }

  private void bind(
      FunctionLatencyOptions options, Map<KernelFunction, List<FunctionArgument>> arguments) {
    var filter = ProcessFilter.of(0, -1, "", "");
    var selection = new Selection(FUNCTIONS, List.of(), Map.of());
    new FunctionLatencyReceiver(options, filter, (patterns, force) -> selection, paths -> arguments)
        .bind(kernel, telemetry);
  }
}
