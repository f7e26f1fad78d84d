package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.ringside.bpf.BpfException;
import dev.ringside.bpf.Histogram;
import dev.ringside.bpf.Text;
import dev.ringside.bpf.UserFunction;
import dev.ringside.receivers.UserFunctionLatencyOptions.Missing;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UserFunctionLatencyReceiverTest {
  private static final ObservedProcess PROCESS =
      new ObservedProcess(4_123_000_000L, 321, 322, 300, 321, 1000, "worker");

  private final FakeProbe kernel = new FakeProbe();
  private final RecordingTelemetry telemetry = new RecordingTelemetry();
  private final UserFunctionLatencyType type = new UserFunctionLatencyType();

  @Test
  void asksForEachFunctionByItsPlaceInItsFile() {
    bind(options(Missing.ERROR, "libc:usleep", "libc:getaddrinfo"));

    assertThat(functions()).extracting(UserFunction::name).containsExactly("usleep", "getaddrinfo");
    assertThat(functions()).extracting(UserFunction::label).contains("libc.so.6:usleep");
    assertThat(kernel.sizes).containsEntry("function_durations", 2L);
  }

  @Test
  void reportsHistogramsByFunctionAndFile() {
    bind(options(Missing.ERROR, "libc:usleep", "libc:getaddrinfo"));
    var took = new Histogram(1, 5000, 5000, 5000, 0, new long[Histogram.BUCKETS]);
    var none = new Histogram(0, 0, 0, 0, 0, new long[Histogram.BUCKETS]);
    kernel.row("function_durations", new UserFunctionDurations.FunctionNumber(0), none);
    kernel.row("function_durations", new UserFunctionDurations.FunctionNumber(1), took);

    var points = telemetry.histogram(Metrics.USER_FUNCTION_DURATION);

    var attributes =
        Attributes.of(
            Keys.CODE_FUNCTION_NAME,
            "getaddrinfo",
            Keys.RINGSIDE_USER_FUNCTION_BINARY,
            functions().get(1).file());
    assertThat(points).containsExactly(Map.entry(attributes, took));
  }

  @Test
  void logsACallThatTookLong() {
    bind(options(Missing.ERROR, "libc:usleep").withEvents());

    kernel.emit(
        "slow_functions",
        new UserFunctionSlow(
            5_000_000_123L, 20_000_000, 0, PROCESS, Text.of("server"), Text.of("/")));

    var event = telemetry.events.getFirst();
    assertThat(event.type()).isEqualTo(Events.USER_FUNCTION_SLOW);
    assertThat(event.attributes())
        .containsOnly(
            Map.entry(Keys.PROCESS_PID, 321L),
            Map.entry(Keys.PROCESS_CREATION_TIME, "1970-01-01T00:00:04.120Z"),
            Map.entry(Keys.PROCESS_EXECUTABLE_NAME, "server"),
            Map.entry(Keys.PROCESS_USER_ID, 1000L),
            Map.entry(Keys.THREAD_ID, 322L),
            Map.entry(Keys.THREAD_NAME, "worker"),
            Map.entry(Keys.CODE_FUNCTION_NAME, "usleep"),
            Map.entry(Keys.RINGSIDE_USER_FUNCTION_BINARY, functions().getFirst().file()),
            Map.entry(Keys.RINGSIDE_OPERATION_DURATION, 0.02));
  }

  @Test
  void aCallStandsInTheSpanInWhichItBegan() {
    telemetry.contexts = new OneThread(PROCESS.pid(), PROCESS.tid(), 4_980_000_123L);
    bind(options(Missing.ERROR, "libc:usleep").withEvents());

    kernel.emit(
        "slow_functions",
        new UserFunctionSlow(
            5_000_000_123L, 20_000_000, 0, PROCESS, Text.of("server"), Text.of("/")));

    var file = functions().getFirst().file();
    assertThat(telemetry.events.getFirst().span()).isEqualTo(OneThread.SPAN);
    assertThat(telemetry.exemplars)
        .extracting(e -> e.histogram(), e -> e.series())
        .containsExactly(
            tuple(
                Metrics.USER_FUNCTION_DURATION,
                Attributes.of(
                    Keys.CODE_FUNCTION_NAME, "usleep", Keys.RINGSIDE_USER_FUNCTION_BINARY, file)));
  }

  @Test
  void setsTheLeastDurationOfEvents() {
    bind(options(Missing.ERROR, "libc:usleep").withEvents());

    assertThat(kernel.globals).containsEntry("min_duration_ns", 3_000_000L);
    assertThat(kernel.globals).containsEntry("events", 1L);
  }

  @Test
  void doesNotListenWithoutEvents() {
    bind(options(Missing.ERROR, "libc:usleep"));

    assertThat(kernel.listensTo("slow_functions")).isFalse();
  }

  @Test
  void failsForAFunctionThatIsMissingAndSaysHowToGoOn() {
    assertThatThrownBy(() -> bind(options(Missing.ERROR, "libc:usleep", "libc:uslep")))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("functions: libc:uslep: ")
        .hasMessageContaining("did you mean")
        .hasMessageContaining("missing: warn");
  }

  @Test
  void reportsWhatIsMissingWhenItIsToldTo() {
    bind(options(Missing.WARN, "libc:usleep", "libc:uslep"));

    assertThat(functions()).hasSize(1);
    assertThat(kernel.userFunctions.getFirst().unknown()).containsOnlyKeys("libc:uslep");
  }

  @Test
  void passesOverWhatIsMissingWhenItIsToldTo() {
    bind(options(Missing.IGNORE, "libc:usleep", "libc:uslep"));

    assertThat(kernel.userFunctions.getFirst().unknown()).isEmpty();
  }

  @Test
  void failsWhenThereIsNothingToWatch() {
    assertThatThrownBy(() -> bind(options(Missing.IGNORE, "libc:uslep")))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("has no such function");
    assertThatThrownBy(() -> bind(type.defaults()))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("functions: none");
  }

  @Test
  void refusesOptionsThatDoNotFit() {
    assertThatThrownBy(() -> type.create(options(Missing.WARN, "usleep")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("functions: 'usleep': write it as");
  }

  @Test
  void waitsToBeAskedFor() {
    assertThat(type.runsByDefault()).isFalse();
  }

  private void bind(UserFunctionLatencyOptions options) {
    type.create(options).bind(kernel, telemetry);
  }

  private List<UserFunction> functions() {
    return kernel.userFunctions.getFirst().functions();
  }

  private static UserFunctionLatencyOptions options(Missing missing, String... functions) {
    return new UserFunctionLatencyOptions(
        List.of(functions),
        missing,
        UserFunctionLatencyOptions.Mechanism.ANY,
        0,
        -1,
        "",
        "",
        ByWhom.FUNCTION,
        200,
        false,
        Duration.ofMillis(3),
        4096);
  }
}
