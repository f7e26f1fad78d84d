package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ProcessExecReceiverIT {
  @TempDir Path directory;

  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");
  private String calls;
  private List<String> said;

  @BeforeEach
  void begin() throws Exception {
    calls = Calls.program();
  }

  @Test
  void reportsAProgramThatStarts() throws Exception {
    var exec = lastExec(observe("pid exit 3"));

    assertThat(exec.get(Keys.PROCESS_PID)).isEqualTo(Long.parseLong(said.getFirst()));
    assertThat(exec.get(Keys.PROCESS_PARENT_PID)).isEqualTo(ProcessHandle.current().pid());
    assertThat(exec.get(Keys.PROCESS_EXECUTABLE_PATH)).isEqualTo(calls);
    assertThat(exec.get(Keys.PROCESS_EXECUTABLE_NAME)).isEqualTo("calls");
    assertThat(exec.get(Keys.PROCESS_COMMAND)).isEqualTo(calls);
    assertThat(exec.get(Keys.PROCESS_COMMAND_ARGS)).containsExactly(calls, "pid", "exit", "3");
    assertThat(exec.get(Keys.PROCESS_ARGS_COUNT)).isEqualTo(4);
    assertThat(exec.get(Keys.PROCESS_USER_ID)).isZero();
    assertThat(exec.get(Keys.ERROR_TYPE)).isNull();
  }

  @Test
  void reportsHowItEnds() throws Exception {
    Instant before = Instant.now();
    var telemetry = observe("exit 3");
    Instant after = Instant.now();

    var exec = lastExec(telemetry);
    var exit = exit(telemetry);
    assertThat(exit.get(Keys.PROCESS_PID)).isEqualTo(exec.get(Keys.PROCESS_PID));
    assertThat(exit.get(Keys.PROCESS_CREATION_TIME))
        .isEqualTo(exec.get(Keys.PROCESS_CREATION_TIME));
    assertThat(exit.get(Keys.PROCESS_EXECUTABLE_NAME)).isEqualTo("calls");
    assertThat(exit.get(Keys.PROCESS_EXIT_CODE)).isEqualTo(3);
    assertThat(exit.get(Keys.ERROR_TYPE)).isEqualTo("3");
    assertThat(exit.time()).isGreaterThan(exec.time());
    assertThat(Instant.parse(exit.get(Keys.PROCESS_EXIT_TIME))).isBetween(before, after);
  }

  @Test
  void warnsWhenASignalEndsIt() throws Exception {
    var exit = exit(observe("kill 9"));

    assertThat(exit.severity()).isEqualTo(Severity.WARN);
    assertThat(exit.get(Keys.RINGSIDE_PROCESS_EXIT_SIGNAL)).isEqualTo("SIGKILL");
    assertThat(exit.get(Keys.PROCESS_EXIT_CODE)).isEqualTo(137);
    assertThat(said).containsExactly("137");
  }

  @Test
  void computesTheCreationTimeAsReadersOfProcDo() throws Exception {
    var command = cgroup.enter(List.of("/bin/sh", "-c", "read go; exec " + calls));
    var shell = new ProcessBuilder(command).start();
    try (var observation = start()) {
      String creation = creationByProc(shell.pid());
      shell.getOutputStream().close();
      shell.waitFor();

      var exec = lastExec(observation.end());
      assertThat(exec.get(Keys.PROCESS_PID)).isEqualTo(shell.pid());
      assertThat(exec.get(Keys.PROCESS_CREATION_TIME)).isEqualTo(creation);
    }
  }

  @Test
  void reportsExecsThatFail() throws Exception {
    String text = Files.writeString(directory.resolve("text"), "x").toString();
    try (var observation = start()) {
      observation.assumeNeed("failed execs");
      Calls.run(cgroup, "chdir " + directory + " exec ./nosuch a b");
      Calls.run(cgroup, "exec " + text);
      Calls.run(cgroup, "execveat " + directory + " nosuch");

      var failed = failedExecs(observation.end());
      assertThat(failed)
          .extracting(e -> e.get(Keys.ERROR_TYPE))
          .containsExactly("ENOENT", "EACCES", "ENOENT");
      assertThat(failed)
          .extracting(e -> e.get(Keys.PROCESS_EXECUTABLE_PATH))
          .containsExactly(directory + "/nosuch", text, directory + "/nosuch");
      assertThat(failed.getFirst().get(Keys.PROCESS_COMMAND_ARGS))
          .containsExactly("./nosuch", "a", "b");
      assertThat(failed.getFirst().get(Keys.PROCESS_ARGS_COUNT)).isEqualTo(3);
      assertThat(failed.getFirst().get(Keys.THREAD_NAME)).isEqualTo("calls");
    }
  }

  @Test
  void keepsTheFirstArgumentApartFromThePath() throws Exception {
    var exec = lastExec(observe("exec-as /bin/true other x"));

    assertThat(exec.get(Keys.PROCESS_EXECUTABLE_NAME)).isEqualTo("true");
    assertThat(exec.get(Keys.PROCESS_COMMAND)).isEqualTo("other");
    assertThat(exec.get(Keys.PROCESS_COMMAND_ARGS)).containsExactly("other", "x");
  }

  @Test
  void seesExecsByDescriptor() throws Exception {
    var byFile = lastExec(observe("fexecve " + calls + " exit 0"));
    var byDirectory = lastExec(observe("execveat " + Path.of(calls).getParent() + " calls"));

    assertThat(byFile.get(Keys.PROCESS_EXECUTABLE_PATH)).isEqualTo(calls);
    assertThat(byFile.get(Keys.PROCESS_COMMAND_ARGS)).containsExactly(calls, "exit", "0");
    assertThat(byDirectory.get(Keys.PROCESS_EXECUTABLE_PATH)).isEqualTo(calls);
  }

  @Test
  void reportsTheInterpreterOfAScript() throws Exception {
    Path script = Files.writeString(directory.resolve("script"), "#!" + calls + " ignore\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));

    var exec = lastExec(observe("exec " + script + " exit"));

    assertThat(exec.get(Keys.PROCESS_EXECUTABLE_PATH)).isEqualTo(calls);
    assertThat(exec.get(Keys.PROCESS_COMMAND_ARGS))
        .containsExactly(calls, "ignore", script.toString(), "exit");
    assertThat(exec.get(Keys.THREAD_NAME)).isEqualTo("script");
  }

  @Test
  void tellsTheThreadThatFailedFromItsProcess() throws Exception {
    try (var observation = start()) {
      observation.assumeNeed("failed execs");
      said = Calls.run(cgroup, "pid exec-in-thread /nosuch");

      var exec = failedExecs(observation.end()).getFirst();
      assertThat(exec.get(Keys.PROCESS_PID)).isEqualTo(Long.parseLong(said.get(0)));
      assertThat(exec.get(Keys.THREAD_ID)).isEqualTo(Long.parseLong(said.get(1)));
    }
  }

  @Test
  void aThreadThatExecsBecomesTheProcess() throws Exception {
    var telemetry = observe("pid exec-in-thread /bin/true");

    var exec = lastExec(telemetry);
    assertThat(exec.get(Keys.PROCESS_EXECUTABLE_NAME)).isEqualTo("true");
    assertThat(exec.get(Keys.PROCESS_PID)).isEqualTo(Long.parseLong(said.getFirst()));
    assertThat(exec.get(Keys.THREAD_ID)).isEqualTo(exec.get(Keys.PROCESS_PID));
    assertThat(exit(telemetry).get(Keys.PROCESS_EXIT_CODE)).isZero();
  }

  @Test
  void showsPathsAsTheProcessSeesThem() throws Exception {
    Path root = Files.createDirectory(directory.resolve("root"));
    Path mount = Files.createDirectory(directory.resolve("mount"));
    Files.copy(Path.of(calls), root.resolve("copy"));

    var inOtherRoot = lastExec(observe("chroot " + root + " exec /copy exit 0"));
    var inOtherMounts =
        lastExec(
            observe(
                "tmpfs %s mkdir %<s/b bind %s %1$s/b exec %1$s/b/copy exit 0"
                    .formatted(mount, root)));

    assertThat(inOtherRoot.get(Keys.PROCESS_EXECUTABLE_PATH)).isEqualTo("/copy");
    assertThat(inOtherMounts.get(Keys.PROCESS_EXECUTABLE_PATH)).isEqualTo(mount + "/b/copy");
  }

  @Test
  void countsWithoutEvents() throws Exception {
    var options =
        new ProcessExecOptions(0, -1, cgroup.path(), "", false, true, false, List.of(), 1 << 20);
    try (var observation = Observation.start(new ProcessExecType(), options)) {
      observation.assumeNeed("failed execs");
      Calls.run(cgroup, "forks 10 fork exec /nosuch");

      var telemetry = observation.end();
      assertThat(telemetry.events).isEmpty();
      assertThat(telemetry.counter(Metrics.PROCESS_EXECS))
          .containsOnly(
              Map.entry(Attributes.empty(), 1L),
              Map.entry(Attributes.of(Keys.ERROR_TYPE, "ENOENT"), 1L));
      assertThat(telemetry.counter(Metrics.SYSTEM_PROCESS_CREATED))
          .containsOnly(Map.entry(Attributes.empty(), 11L));
      assertThat(telemetry.histogram(Metrics.PROCESS_LIFETIME_DURATION))
          .singleElement()
          .satisfies(p -> assertThat(p.getValue().count()).isEqualTo(12));
    }
  }

  private RecordingTelemetry observe(String words) throws Exception {
    try (var observation = start()) {
      said = Calls.run(cgroup, words);
      return observation.end();
    }
  }

  private Observation start() {
    var options =
        new ProcessExecOptions(0, -1, cgroup.path(), "", true, true, false, List.of(), 1 << 20);
    return Observation.start(new ProcessExecType(), options);
  }

  private static RecordingTelemetry.Event lastExec(RecordingTelemetry telemetry) {
    return telemetry.events(Events.PROCESS_EXEC).getLast();
  }

  private static List<RecordingTelemetry.Event> failedExecs(RecordingTelemetry telemetry) {
    return telemetry.events(Events.PROCESS_EXEC).stream()
        .filter(e -> e.get(Keys.RINGSIDE_ERRNO_NAME) != null)
        .toList();
  }

  private static RecordingTelemetry.Event exit(RecordingTelemetry telemetry) {
    assertThat(telemetry.events(Events.PROCESS_EXIT)).hasSize(1);
    return telemetry.events(Events.PROCESS_EXIT).getFirst();
  }

  /// See proc_pid_stat(5): the start time is the 22nd field, in clock ticks since the boot.
  private static String creationByProc(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    long ticks = Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
    long boot =
        Files.readAllLines(Path.of("/proc/stat")).stream()
            .filter(line -> line.startsWith("btime "))
            .mapToLong(line -> Long.parseLong(line.substring(6)))
            .findFirst()
            .orElseThrow();
    return Instant.ofEpochSecond(boot).plusMillis(ticks * 10).toString();
  }
}
