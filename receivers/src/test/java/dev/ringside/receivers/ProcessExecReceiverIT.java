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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessExecReceiverIT {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  @TempDir Path directory;

  private OwnCgroup cgroup;
  private String calls;
  private List<String> said;

  @BeforeEach
  void begin() throws Exception {
    cgroup = OwnCgroup.create("workload");
    calls = Calls.program().toString();
  }

  @AfterEach
  void end() throws IOException {
    cgroup.close();
  }

  @Test
  void reportsAProgramFromItsStartToItsEnd() throws Exception {
    Instant before = Instant.now();
    var telemetry = observe("pid", "exit", "3");
    Instant after = Instant.now();

    var exec = execs(telemetry).getFirst();
    var exit = exits(telemetry).getFirst();
    assertThat(exec.get(Keys.PROCESS_PID)).isEqualTo(Long.parseLong(said.getFirst()));
    assertThat(exec.get(Keys.PROCESS_PARENT_PID)).isEqualTo(ProcessHandle.current().pid());
    assertThat(exec.get(Keys.PROCESS_EXECUTABLE_PATH)).isEqualTo(calls);
    assertThat(exec.get(Keys.PROCESS_EXECUTABLE_NAME)).isEqualTo("calls");
    assertThat(exec.get(Keys.PROCESS_COMMAND)).isEqualTo(calls);
    assertThat(exec.get(Keys.PROCESS_COMMAND_ARGS)).containsExactly(calls, "pid", "exit", "3");
    assertThat(exec.get(Keys.PROCESS_ARGS_COUNT)).isEqualTo(4);
    assertThat(exec.get(Keys.PROCESS_USER_ID)).isZero();
    assertThat(exec.get(Keys.ERROR_TYPE)).isNull();
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
  void computesTheCreationTimeAsReadersOfProcDo() throws Exception {
    var shell =
        new ProcessBuilder(cgroup.enter(List.of("/bin/sh", "-c", "read go; exec " + calls)))
            .start();
    String creation;
    try (var observation = start(options(cgroup.path()))) {
      creation = creationByProc(shell.pid());
      shell.getOutputStream().close();
      shell.waitFor();

      var exec = execs(observation.end()).getLast();
      assertThat(exec.get(Keys.PROCESS_PID)).isEqualTo(shell.pid());
      assertThat(exec.get(Keys.PROCESS_CREATION_TIME)).isEqualTo(creation);
    }
  }

  @Test
  void reportsAProgramThatASignalEnded() throws Exception {
    var exit = exits(observe("kill", "9")).getFirst();

    assertThat(exit.severity()).isEqualTo(Severity.WARN);
    assertThat(exit.get(Keys.RINGSIDE_PROCESS_EXIT_SIGNAL)).isEqualTo("SIGKILL");
    assertThat(exit.get(Keys.PROCESS_EXIT_CODE)).isEqualTo(137);
    assertThat(said).containsExactly("137");
  }

  @Test
  void reportsExecsThatFailed() throws Exception {
    String text = Files.writeString(directory.resolve("text"), "x").toString();
    try (var observation = start(options(cgroup.path()))) {
      observation.assumeNeed("failed execs");
      run("chdir", directory.toString(), "fork", "exec", "./nosuch", "a", "b");
      run("fork", "exec", text);
      run("fork", "execveat", directory.toString(), "nosuch");

      var failed = failed(observation.end());
      assertThat(failed)
          .extracting(e -> e.get(Keys.RINGSIDE_ERRNO_NAME))
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
  void keepsTheFirstArgumentFromThePath() throws Exception {
    var exec = execs(observe("exec-as", "/bin/true", "other", "x")).getLast();

    assertThat(exec.get(Keys.PROCESS_EXECUTABLE_NAME)).isEqualTo("true");
    assertThat(exec.get(Keys.PROCESS_COMMAND)).isEqualTo("other");
    assertThat(exec.get(Keys.PROCESS_COMMAND_ARGS)).containsExactly("other", "x");
  }

  @Test
  void seesExecsByDescriptor() throws Exception {
    var byFile = execs(observe("fexecve", calls, "exit", "0")).getLast();
    var byDirectory =
        execs(observe("execveat", Path.of(calls).getParent().toString(), "calls")).getLast();

    assertThat(byFile.get(Keys.PROCESS_EXECUTABLE_PATH)).isEqualTo(calls);
    assertThat(byFile.get(Keys.PROCESS_COMMAND_ARGS)).containsExactly(calls, "exit", "0");
    assertThat(byDirectory.get(Keys.PROCESS_EXECUTABLE_PATH)).isEqualTo(calls);
  }

  @Test
  void reportsTheInterpreterOfAScript() throws Exception {
    Path script = Files.writeString(directory.resolve("script"), "#!" + calls + " fork\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));

    var exec = execs(observe("exec", script.toString(), "exit")).getLast();

    assertThat(exec.get(Keys.PROCESS_EXECUTABLE_PATH)).isEqualTo(calls);
    assertThat(exec.get(Keys.PROCESS_COMMAND_ARGS))
        .containsExactly(calls, "fork", script.toString(), "exit");
    assertThat(exec.get(Keys.THREAD_NAME)).isEqualTo("script");
  }

  @Test
  void tellsTheThreadFromTheProcess() throws Exception {
    try (var observation = start(options(cgroup.path()))) {
      observation.assumeNeed("failed execs");
      said = run("pid", "exec-in-thread", "/nosuch");

      var exec = failed(observation.end()).getFirst();
      assertThat(exec.get(Keys.PROCESS_PID)).isEqualTo(Long.parseLong(said.get(0)));
      assertThat(exec.get(Keys.THREAD_ID)).isEqualTo(Long.parseLong(said.get(1)));
    }
  }

  @Test
  void anExecFromAThreadIsTheProcesss() throws Exception {
    var telemetry = observe("pid", "exec-in-thread", "/bin/true");

    var exec = execs(telemetry).getLast();
    assertThat(exec.get(Keys.PROCESS_EXECUTABLE_NAME)).isEqualTo("true");
    assertThat(exec.get(Keys.PROCESS_PID)).isEqualTo(Long.parseLong(said.getFirst()));
    assertThat(exec.get(Keys.THREAD_ID)).isEqualTo(exec.get(Keys.PROCESS_PID));
    assertThat(exits(telemetry))
        .singleElement()
        .satisfies(e -> assertThat(e.get(Keys.PROCESS_EXIT_CODE)).isZero());
  }

  @Test
  void bringsManyArgumentsWhole() throws Exception {
    var exec = execs(observe("exec-much", "300", "20", "/bin/true")).getLast();

    assertThat(exec.get(Keys.PROCESS_COMMAND_ARGS)).hasSize(301).contains("a".repeat(20));
    assertThat(exec.get(Keys.PROCESS_ARGS_COUNT)).isEqualTo(301);
    assertThat(exec.get(Keys.RINGSIDE_PROCESS_COMMAND_ARGS_TRUNCATED)).isNull();
  }

  @Test
  void marksArgumentsThatAreMoreThanFit() throws Exception {
    var exec = execs(observe("exec-much", "100", "1000", "/bin/true")).getLast();

    assertThat(exec.get(Keys.PROCESS_ARGS_COUNT)).isEqualTo(101);
    assertThat(exec.get(Keys.PROCESS_COMMAND_ARGS)).hasSizeBetween(10, 100);
    assertThat(exec.get(Keys.RINGSIDE_PROCESS_COMMAND_ARGS_TRUNCATED)).isTrue();
  }

  @Test
  void readsArgumentsThatEndAtAPageOrAreNotUtf8() throws Exception {
    var atBorder = execs(observe("exec-border", "/bin/true")).getLast();
    var latin1 = execs(observe("exec-latin1", "/bin/true")).getLast();

    assertThat(atBorder.get(Keys.PROCESS_COMMAND_ARGS)).containsExactly("/bin/true", "last");
    assertThat(latin1.get(Keys.PROCESS_COMMAND_ARGS)).containsExactly("/bin/true", "caf\\xe9");
  }

  @Test
  void hidesSecrets() throws Exception {
    var exec =
        execs(observe("exec", "/bin/true", "--password", "hunter2", "https://me:hunter2@h/"))
            .getLast();

    assertThat(exec.get(Keys.PROCESS_COMMAND_ARGS))
        .containsExactly("/bin/true", "--password", "[REDACTED]", "https://me:[REDACTED]@h/");
  }

  @Test
  void leavesArgumentsWhereTheyAreWhenAsked() throws Exception {
    var options =
        new ProcessExecOptions(0, -1, cgroup.path(), "", true, false, false, List.of(), 1 << 20);
    try (var observation = start(options)) {
      run("exec", "/bin/true", "x");

      var exec = execs(observation.end()).getLast();
      assertThat(exec.attributes())
          .doesNotContainKeys(Keys.PROCESS_COMMAND_ARGS, Keys.PROCESS_COMMAND);
      assertThat(exec.get(Keys.PROCESS_ARGS_COUNT)).isEqualTo(2);
    }
  }

  @Test
  void showsPathsAsTheProcessSeesThem() throws Exception {
    Path root = Files.createDirectory(directory.resolve("root"));
    Files.copy(Path.of(calls), root.resolve("copy"));
    Path mount = Files.createDirectory(directory.resolve("mount"));

    var inOtherRoot =
        execs(observe("chroot", root.toString(), "exec", "/copy", "exit", "0")).getLast();
    var inOtherMounts =
        execs(
                observe(
                    "tmpfs",
                    mount.toString(),
                    "mkdir",
                    mount + "/b",
                    "bind",
                    root.toString(),
                    mount + "/b",
                    "exec",
                    mount + "/b/copy",
                    "exit",
                    "0"))
            .getLast();

    assertThat(inOtherRoot.get(Keys.PROCESS_EXECUTABLE_PATH)).isEqualTo("/copy");
    assertThat(inOtherMounts.get(Keys.PROCESS_EXECUTABLE_PATH)).isEqualTo(mount + "/b/copy");
  }

  @Test
  void tellsMoreWhenAsked() throws Exception {
    var attributes = List.of("process.working_directory", "process.vpid", "process.linux.cgroup");
    var options =
        new ProcessExecOptions(0, -1, cgroup.path(), "", true, true, false, attributes, 1 << 20);
    try (var observation = start(options)) {
      run(
          "chdir",
          directory.toString(),
          "exec",
          "/usr/bin/unshare",
          "--pid",
          "--fork",
          calls,
          "pid");

      var exec = execs(observation.end()).getLast();
      assertThat(exec.get(Keys.PROCESS_VPID)).isEqualTo(1);
      assertThat(exec.get(Keys.PROCESS_PID)).isGreaterThan(1);
      assertThat(exec.get(Keys.PROCESS_WORKING_DIRECTORY)).isEqualTo(directory.toString());
      assertThat(exec.get(Keys.PROCESS_LINUX_CGROUP)).isEqualTo(cgroup.path());
    }
  }

  @Test
  void namesTheContainerByItsCgroup() throws Exception {
    String id = "4f9a1b6f9ad2b8d0d27f4f8d5c6f34e1c3d1b2a4958670f1e2d3c4b5a6978869";
    try (var container = OwnCgroup.create("docker-" + id + ".scope");
        var observation = start(options(container.parentPath()))) {
      Observation.run(container.enter(List.of("/bin/true")), Map.of());

      assertThat(observation.end().events)
          .hasSize(2)
          .allMatch(e -> id.equals(e.get(Keys.CONTAINER_ID)));
    }
  }

  @Test
  void seesNothingOfAnotherCgroup() throws Exception {
    try (var observation = start(options(cgroup.path()))) {
      Observation.run(List.of("/bin/true"), Map.of());

      assertThat(observation.end().events).isEmpty();
    }
  }

  @Test
  void looksOnlyAtOneProcess() throws Exception {
    var waiting = new ProcessBuilder("/bin/sh", "-c", "read go; /bin/true; exec /bin/true").start();
    var options =
        new ProcessExecOptions(
            (int) waiting.pid(), -1, "", "", true, true, false, List.of(), 1 << 20);
    try (var observation = start(options)) {
      waiting.getOutputStream().close();
      waiting.waitFor();

      var events = observation.end().events;
      assertThat(events).hasSize(2).allMatch(e -> e.get(Keys.PROCESS_PID) == waiting.pid());
    }
  }

  @Test
  void looksOnlyAtOneUser() throws Exception {
    var options =
        new ProcessExecOptions(0, 65534, cgroup.path(), "", true, true, false, List.of(), 1 << 20);
    try (var observation = start(options)) {
      run("fork", "exec", "/bin/true");
      run("setuid", "65534", "exec", "/bin/true");

      assertThat(observation.end().events)
          .hasSize(2)
          .allMatch(e -> e.get(Keys.PROCESS_USER_ID) == 65534);
    }
  }

  @Test
  void looksOnlyAtOneCommand() throws Exception {
    var options =
        new ProcessExecOptions(0, -1, cgroup.path(), "true", true, true, false, List.of(), 1 << 20);
    try (var observation = start(options)) {
      run("fork", "exec", "/bin/true");

      assertThat(observation.end().events)
          .hasSize(2)
          .allMatch(e -> e.get(Keys.THREAD_NAME).equals("true"));
    }
  }

  @Test
  void makesASpanUnderItsCaller() throws Exception {
    var options =
        new ProcessExecOptions(0, -1, cgroup.path(), "", false, true, true, List.of(), 1 << 20);
    try (var observation = start(options)) {
      var command = cgroup.enter(List.of(calls, "pid", "exit", "2"));
      said = Observation.run(command, Map.of("TRACEPARENT", "00-" + TRACE + "-" + SPAN + "-01"));

      var telemetry = observation.end();
      assertThat(telemetry.events).isEmpty();
      assertThat(telemetry.spans).hasSize(1);
      var span = telemetry.spans.getFirst();
      assertThat(span.name()).isEqualTo("calls");
      assertThat(span.parent().getTraceId()).isEqualTo(TRACE);
      assertThat(span.parent().getSpanId()).isEqualTo(SPAN);
      assertThat(span.error()).isEqualTo("2");
      assertThat(span.get(Keys.PROCESS_PID)).isEqualTo(Long.parseLong(said.getFirst()));
      assertThat(span.end()).isGreaterThan(span.start());
    }
  }

  @Test
  void makesASpanOfEachProgram() throws Exception {
    var options =
        new ProcessExecOptions(0, -1, cgroup.path(), "", false, true, true, List.of(), 1 << 20);
    try (var observation = start(options)) {
      Observation.run(
          cgroup.enter(
              List.of(
                  "/bin/sh", "-c", "i=0; while [ $i -lt 100 ]; do /bin/true; i=$((i+1)); done")),
          Map.of());

      var spans = observation.end().spans;
      assertThat(spans).filteredOn(s -> s.name().equals("true")).hasSize(100);
      assertThat(spans).hasSize(101).allMatch(s -> !s.parent().isValid() && s.error() == null);
    }
  }

  @Test
  void countsWithoutEvents() throws Exception {
    var options =
        new ProcessExecOptions(0, -1, cgroup.path(), "", false, true, false, List.of(), 1 << 20);
    try (var observation = start(options)) {
      observation.assumeNeed("failed execs");
      run("forks", "10", "fork", "exec", "/nosuch");

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

  private static ProcessExecOptions options(String cgroup) {
    return new ProcessExecOptions(0, -1, cgroup, "", true, true, false, List.of(), 1 << 20);
  }

  private static Observation start(ProcessExecOptions options) {
    return Observation.start(new ProcessExecType(), options);
  }

  private RecordingTelemetry observe(String... calls) throws Exception {
    try (var observation = start(options(cgroup.path()))) {
      said = run(calls);
      return observation.end();
    }
  }

  private List<String> run(String... words) throws Exception {
    var command = new ArrayList<>(List.of(calls));
    command.addAll(List.of(words));
    return Observation.run(cgroup.enter(command), Map.of());
  }

  private static List<RecordingTelemetry.Event> execs(RecordingTelemetry telemetry) {
    return telemetry.events.stream()
        .filter(e -> e.type().equals(Events.PROCESS_EXEC) && e.get(Keys.ERROR_TYPE) == null)
        .toList();
  }

  private static List<RecordingTelemetry.Event> failed(RecordingTelemetry telemetry) {
    return telemetry.events.stream()
        .filter(e -> e.type().equals(Events.PROCESS_EXEC) && e.get(Keys.ERROR_TYPE) != null)
        .toList();
  }

  private static List<RecordingTelemetry.Event> exits(RecordingTelemetry telemetry) {
    return telemetry.events.stream().filter(e -> e.type().equals(Events.PROCESS_EXIT)).toList();
  }
}
