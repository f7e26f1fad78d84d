package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.ringside.bpf.Histogram;
import dev.ringside.bpf.Need;
import dev.ringside.bpf.Text;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class ProcessExecReceiverTest {
  private final FakeProbe kernel = new FakeProbe();
  private final RecordingTelemetry telemetry = new RecordingTelemetry();
  private final ProcessExecType type = new ProcessExecType();

  @Test
  void logsAnExec() {
    bind(type.defaults());

    kernel.emit("process_execs", exec(0, "/usr/bin/./ls", "ls\0-l\0/tmp\0"));

    var event = only();
    assertThat(event.type()).isEqualTo(Events.PROCESS_EXEC);
    assertThat(event.time()).isEqualTo(5_000_000_123L);
    assertThat(event.severity()).isNull();
    assertThat(event.attributes())
        .containsOnly(
            Map.entry(Keys.PROCESS_PID, 321L),
            Map.entry(Keys.PROCESS_PARENT_PID, 300L),
            Map.entry(Keys.PROCESS_CREATION_TIME, "1970-01-01T00:00:04.120Z"),
            Map.entry(Keys.PROCESS_EXECUTABLE_NAME, "ls"),
            Map.entry(Keys.PROCESS_EXECUTABLE_PATH, "/usr/bin/ls"),
            Map.entry(Keys.PROCESS_USER_ID, 1000L),
            Map.entry(Keys.THREAD_ID, 322L),
            Map.entry(Keys.THREAD_NAME, "ls"),
            Map.entry(Keys.PROCESS_ARGS_COUNT, 3L),
            Map.entry(Keys.PROCESS_COMMAND, "ls"),
            Map.entry(Keys.PROCESS_COMMAND_ARGS, List.of("ls", "-l", "/tmp")));
  }

  @Test
  void logsAnExecThatFailed() {
    bind(type.defaults());

    kernel.emit("process_execs", exec(2, "/usr/bin/sl", "sl\0"));

    assertThat(only().get(Keys.ERROR_TYPE)).isEqualTo("ENOENT");
    assertThat(only().get(Keys.RINGSIDE_ERRNO_NAME)).isEqualTo("ENOENT");
    assertThat(only().get(Keys.PROCESS_EXECUTABLE_PATH)).isEqualTo("/usr/bin/sl");
  }

  @Test
  void sanitisesArguments() {
    bind(type.defaults());

    kernel.emit("process_execs", exec(0, "/usr/bin/mysql", "mysql\0-phunter2\0db\0"));

    assertThat(only().get(Keys.PROCESS_COMMAND_ARGS))
        .containsExactly("mysql", "-p[REDACTED]", "db");
  }

  @Test
  void marksArgumentsThatWereCut() {
    bind(type.defaults());
    var args = new Text("run\0abc".getBytes(StandardCharsets.UTF_8), true);

    kernel.emit("process_execs", exec(0, Text.of("/bin/run"), args, 9000, Text.EMPTY));

    assertThat(only().get(Keys.RINGSIDE_PROCESS_COMMAND_ARGS_TRUNCATED)).isTrue();
    assertThat(only().get(Keys.PROCESS_ARGS_COUNT)).isEqualTo(9000);
  }

  @Test
  void aPathThatWasCutHasNoName() {
    bind(type.defaults());
    var path = new Text("/a/very/lon".getBytes(StandardCharsets.UTF_8), true);

    kernel.emit("process_execs", exec(0, path, Text.of("x\0"), 1, Text.EMPTY));

    assertThat(only().get(Keys.RINGSIDE_PROCESS_EXECUTABLE_PATH_TRUNCATED)).isTrue();
    assertThat(only().attributes()).doesNotContainKey(Keys.PROCESS_EXECUTABLE_NAME);
  }

  @Test
  void showsArgumentsThatAreNotUtf8ByteForByte() {
    bind(type.defaults());
    var args = new Text(new byte[] {'x', 0, 'a', (byte) 0xff, 0}, false);

    kernel.emit("process_execs", exec(0, Text.of("/bin/x"), args, 2, Text.EMPTY));

    assertThat(only().get(Keys.PROCESS_COMMAND_ARGS)).containsExactly("x", "a\\xff");
  }

  @Test
  void tellsMoreWhenAsked() {
    bind(
        options(
            true,
            true,
            false,
            List.of("process.working_directory", "process.vpid", "process.linux.cgroup")));

    kernel.emit("process_execs", exec(0, "/usr/bin/ls", "ls\0"));

    assertThat(only().get(Keys.PROCESS_WORKING_DIRECTORY)).isEqualTo("/home/ada");
    assertThat(only().get(Keys.PROCESS_VPID)).isEqualTo(7);
    assertThat(only().get(Keys.PROCESS_LINUX_CGROUP)).isEqualTo("/user.slice");
  }

  @Test
  void logsAnExit() {
    bind(type.defaults());

    kernel.emit("process_exits", exit(3 << 8));

    var event = only();
    assertThat(event.type()).isEqualTo(Events.PROCESS_EXIT);
    assertThat(event.severity()).isNull();
    assertThat(event.attributes())
        .containsOnly(
            Map.entry(Keys.PROCESS_PID, 321L),
            Map.entry(Keys.PROCESS_PARENT_PID, 300L),
            Map.entry(Keys.PROCESS_CREATION_TIME, "1970-01-01T00:00:04.120Z"),
            Map.entry(Keys.PROCESS_EXIT_TIME, "1970-01-01T00:00:06.000000456Z"),
            Map.entry(Keys.RINGSIDE_PROCESS_LIFETIME_DURATION, 1.877000456),
            Map.entry(Keys.PROCESS_EXECUTABLE_NAME, "ls"),
            Map.entry(Keys.PROCESS_USER_ID, 1000L),
            Map.entry(Keys.THREAD_NAME, "ls"),
            Map.entry(Keys.PROCESS_EXIT_CODE, 3L),
            Map.entry(Keys.ERROR_TYPE, "3"));
  }

  @Test
  void warnsOfAProcessThatASignalEnded() {
    bind(type.defaults());

    kernel.emit("process_exits", exit(9));

    assertThat(only().severity()).isEqualTo(Severity.WARN);
    assertThat(only().get(Keys.PROCESS_EXIT_CODE)).isEqualTo(137);
    assertThat(only().get(Keys.RINGSIDE_PROCESS_EXIT_SIGNAL)).isEqualTo("SIGKILL");
    assertThat(only().get(Keys.ERROR_TYPE)).isEqualTo("SIGKILL");
  }

  @Test
  void countsExecsByErrorAndForks() {
    bind(type.defaults());
    kernel.row("exec_counts", new ProcessExecReceiver.ExecOutcome(0), 10L);
    kernel.row("exec_counts", new ProcessExecReceiver.ExecOutcome(13), 2L);
    kernel.row("fork_count", new ProcessExecReceiver.Slot(0), 12L);

    assertThat(telemetry.counter(Metrics.PROCESS_EXECS))
        .containsOnly(
            Map.entry(Attributes.empty(), 10L),
            Map.entry(Attributes.of(Keys.ERROR_TYPE, "EACCES"), 2L));
    assertThat(telemetry.counter(Metrics.SYSTEM_PROCESS_CREATED))
        .containsOnly(Map.entry(Attributes.empty(), 12L));
  }

  @Test
  void reportsLifetimesByHowTheyEnded() {
    bind(type.defaults());
    var lives = new Histogram(1, 1, 1, 1, 0, new long[512]);
    kernel.row("lifetimes", new ProcessExecReceiver.LifetimeKey(0), lives);
    kernel.row("lifetimes", new ProcessExecReceiver.LifetimeKey(11 | 0x80), lives);

    assertThat(telemetry.histogram(Metrics.PROCESS_LIFETIME_DURATION))
        .containsExactly(
            Map.entry(Attributes.empty(), lives),
            Map.entry(Attributes.of(Keys.ERROR_TYPE, "SIGSEGV"), lives));
  }

  @Test
  void withoutEventsThereAreOnlyMetrics() {
    bind(options(false, true, false, List.of()));

    assertThat(kernel.globals).containsEntry("events", 0L);
    assertThat(kernel.listensTo("process_execs")).isFalse();
    assertThat(kernel.listensTo("process_exits")).isFalse();
  }

  @Test
  void readsOfTheEnvironmentOnlyWhatSpansNeed() {
    bind(type.defaults());
    assertThat(kernel.globals).containsEntry("read_trace_parent", 0L);

    bind(options(true, true, true, List.of()));
    assertThat(kernel.globals).containsEntry("read_trace_parent", 1L);
  }

  @Test
  void canDoWithoutFailedExecsAndProcessesFromBefore() {
    bind(type.defaults());

    assertThat(kernel.needs)
        .extracting(Need::name, Need::required)
        .containsExactly(
            tuple("execs, forks and exits", true),
            tuple("processes from before", false),
            tuple("failed execs", false));
  }

  @Test
  void refusesOptionsThatDoNotFit() {
    assertRefused(
        options(true, true, false, List.of("process.title")),
        "attributes: 'process.title'; any of process.working_directory, process.vpid,"
            + " process.linux.cgroup");
    assertRefused(
        new ProcessExecOptions(0, -1, "", "a-name-of-16-byte", true, true, false, List.of(), 4096),
        "command: 'a-name-of-16-byte'; at most 15 bytes, which is all of a name that the kernel"
            + " keeps");
    assertRefused(
        new ProcessExecOptions(-1, -1, "", "", true, true, false, List.of(), 4096),
        "pid: -1; a process id, or 0 for all");
  }

  @Test
  void isFoundByTheServiceLoader() {
    var names = new ArrayList<String>();
    for (ReceiverType<?> found : ServiceLoader.load(ReceiverType.class)) names.add(found.name());

    assertThat(names).contains("process_exec", "file_open");
  }

  private void assertRefused(ProcessExecOptions options, String message) {
    assertThatThrownBy(() -> type.create(options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static ProcessExecOptions options(
      boolean events, boolean args, boolean spans, List<String> attributes) {
    return new ProcessExecOptions(0, -1, "", "", events, args, spans, attributes, 4096);
  }

  private void bind(ProcessExecOptions options) {
    type.create(options).bind(kernel, telemetry);
  }

  private RecordingTelemetry.Event only() {
    assertThat(telemetry.events).hasSize(1);
    return telemetry.events.getFirst();
  }

  private static ProcessExec exec(int error, String path, String args) {
    int count = (int) args.chars().filter(c -> c == 0).count();
    var given = new Text(args.getBytes(StandardCharsets.UTF_8), false);
    return exec(error, Text.of(path), given, count, Text.EMPTY);
  }

  private static ProcessExec exec(int error, Text path, Text args, int count, Text traceParent) {
    return new ProcessExec(
        5_000_000_123L,
        new ObservedProcess(4_123_000_000L, 321, 322, 300, 7, 1000, "ls"),
        error,
        count,
        path,
        Text.of("/home/ada"),
        Text.of("/user.slice"),
        args,
        traceParent);
  }

  private static ProcessExit exit(int status) {
    return new ProcessExit(
        6_000_000_456L,
        new ObservedProcess(4_123_000_000L, 321, 322, 300, 7, 1000, "ls"),
        status,
        Text.of("ls"),
        Text.of("/user.slice"));
  }
}
