package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.bpf.Text;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Spans;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramSpansTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  private final RecordingTelemetry telemetry = new RecordingTelemetry();
  private final ProgramSpans spans = new ProgramSpans(telemetry);

  @Test
  void makesASpanFromExecToExit() {
    start(1, 100, "make", "");
    end(1, 900, "make", 0);

    var span = only();
    assertThat(span.type()).isEqualTo(Spans.CLI_INTERNAL);
    assertThat(span.name()).isEqualTo("make");
    assertThat(span.start()).isEqualTo(100);
    assertThat(span.end()).isEqualTo(900);
    assertThat(span.parent().isValid()).isFalse();
    assertThat(span.error()).isNull();
    assertThat(span.get(Keys.PROCESS_PID)).isEqualTo(1);
    assertThat(span.get(Keys.PROCESS_EXIT_CODE)).isEqualTo(0);
    assertThat(span.get(Keys.PROCESS_EXECUTABLE_NAME)).isEqualTo("make");
    assertThat(span.get(Keys.PROCESS_EXECUTABLE_PATH)).isEqualTo("/bin/make");
    assertThat(span.get(Keys.PROCESS_COMMAND_ARGS)).isEqualTo(List.of("make"));
  }

  @Test
  void itsParentIsTheCaller() {
    start(1, 100, "make", "00-" + TRACE + "-" + SPAN + "-01");
    end(1, 900, "make", 0);

    assertThat(only().parent().getTraceId()).isEqualTo(TRACE);
    assertThat(only().parent().getSpanId()).isEqualTo(SPAN);
  }

  @Test
  void aCallerThatIsNotRecordedGetsNoSpan() {
    start(1, 100, "make", "00-" + TRACE + "-" + SPAN + "-00");
    end(1, 900, "make", 0);

    assertThat(telemetry.spans).isEmpty();
  }

  @Test
  void anExitCodeIsAnError() {
    start(1, 100, "make", "");
    end(1, 900, "make", 2 << 8);

    assertThat(only().error()).isEqualTo("2");
    assertThat(only().get(Keys.PROCESS_EXIT_CODE)).isEqualTo(2);
  }

  @Test
  void aSignalIsAnError() {
    start(1, 100, "make", "");
    end(1, 900, "make", 9);

    assertThat(only().error()).isEqualTo("SIGKILL");
    assertThat(only().get(Keys.RINGSIDE_PROCESS_EXIT_SIGNAL)).isEqualTo("SIGKILL");
  }

  @Test
  void anExecThatFailedStartsNothing() {
    spans.started(exec(1, 100, "make", "", 2), program("make"));
    end(1, 900, "sh", 127 << 8);

    assertThat(telemetry.spans).isEmpty();
  }

  @Test
  void aForkThatNeverExecsHasNoSpan() {
    start(1, 100, "sh", "");
    end(2, 500, "sh", 0);

    assertThat(telemetry.spans).isEmpty();
  }

  @Test
  void theSpanIsThatOfTheLastProgram() {
    start(1, 100, "env", "");
    start(1, 110, "make", "");
    end(1, 900, "make", 0);

    assertThat(only().name()).isEqualTo("make");
    assertThat(only().start()).isEqualTo(110);
  }

  @Test
  void anExitThatIsReadFirstWaitsForItsExec() {
    end(1, 900, "make", 0);
    start(1, 100, "make", "");

    assertThat(only().start()).isEqualTo(100);
  }

  @Test
  void anExitThatIsReadBetweenTwoExecsWaitsForTheSecond() {
    start(1, 100, "env", "");
    end(1, 900, "make", 0);
    start(1, 110, "make", "");

    assertThat(only().name()).isEqualTo("make");
    assertThat(only().start()).isEqualTo(110);
  }

  @Test
  void aPidThatIsUsedAgainIsAnotherProcess() {
    spans.started(exec(1, 100, "make", "", 0), program("make"));
    var later = new ObservedProcess(800, 1, 1, 0, 1, 0, "make");
    spans.ended(new ProcessExit(900, later, 0, Text.of("make"), Text.EMPTY));

    assertThat(telemetry.spans).isEmpty();
  }

  @Test
  void countsWhatItForgets() {
    for (int pid = 1; pid <= ProgramSpans.MOST + 2; pid++) start(pid, 100, "sleep", "");
    end(1, 900, "sleep", 0);
    end(3, 900, "sleep", 0);

    assertThat(telemetry.lost).containsExactly("too_many_running", "too_many_running");
    assertThat(only().get(Keys.PROCESS_PID)).isEqualTo(3);
  }

  private void start(int pid, long time, String name, String traceParent) {
    spans.started(exec(pid, time, name, traceParent, 0), program(name));
  }

  private void end(int pid, long time, String name, int status) {
    spans.ended(new ProcessExit(time, process(pid), status, Text.of(name), Text.EMPTY));
  }

  private RecordingTelemetry.Span only() {
    assertThat(telemetry.spans).hasSize(1);
    return telemetry.spans.getFirst();
  }

  private static Program program(String name) {
    return new Program("/bin/" + name, name, List.of(name), false, false);
  }

  private static ObservedProcess process(int pid) {
    return new ObservedProcess(50, pid, pid, 0, pid, 0, "comm");
  }

  private static ProcessExec exec(int pid, long time, String name, String traceParent, int error) {
    var path = Text.of("/bin/" + name);
    return new ProcessExec(
        time,
        process(pid),
        error,
        1,
        path,
        Text.EMPTY,
        Text.EMPTY,
        Text.of(name),
        Text.of(traceParent));
  }
}
