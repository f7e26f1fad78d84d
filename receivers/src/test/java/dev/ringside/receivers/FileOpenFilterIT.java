package dev.ringside.receivers;

import static java.lang.ProcessBuilder.Redirect.DISCARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class FileOpenFilterIT {
  @TempDir Path directory;

  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");
  private String file;

  @BeforeEach
  void begin() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    file = Files.writeString(directory.resolve("file"), "x").toString();
  }

  @Test
  void seesNothingOfAnotherCgroup() throws Exception {
    try (var other = OwnCgroup.create("other");
        var observation = start(0, -1, cgroup.path(), "")) {
      Calls.run(other, "open " + file + " 0 0");

      assertThat(observation.end().events).isEmpty();
    }
  }

  @Test
  void seesWhatIsBelowItsCgroupAndNamesTheContainer() throws Exception {
    String id = "4f9a1b6f9ad2b8d0d27f4f8d5c6f34e1c3d1b2a4958670f1e2d3c4b5a6978869";
    try (var container = OwnCgroup.create("docker-" + id + ".scope");
        var observation = start(0, -1, container.parentPath(), "")) {
      Calls.run(container, "open " + file + " 0 0");

      assertThat(observation.end().events)
          .singleElement()
          .satisfies(e -> assertThat(e.get(Keys.CONTAINER_ID)).isEqualTo(id));
    }
  }

  @Test
  void seesOneProcessOnly() throws Exception {
    var waiting = new ProcessBuilder("/bin/sh", "-c", "read go; : < " + file).start();
    try (var observation = start((int) waiting.pid(), -1, "", "")) {
      Calls.run(cgroup, "open " + file + " 0 0");
      waiting.getOutputStream().close();
      waiting.waitFor();

      assertThat(observation.end().events)
          .singleElement()
          .satisfies(e -> assertThat(e.get(Keys.PROCESS_PID)).isEqualTo(waiting.pid()));
    }
  }

  @Test
  void seesOneUserOnly() throws Exception {
    try (var observation = start(0, 65534, cgroup.path(), "")) {
      Calls.run(cgroup, "open %s 0 0 setuid 65534 open %<s 0 0".formatted(file));

      assertThat(observation.end().events)
          .singleElement()
          .satisfies(e -> assertThat(e.get(Keys.PROCESS_USER_ID)).isEqualTo(65534));
    }
  }

  @Test
  void seesOneCommandOnly() throws Exception {
    try (var wanted = start(0, -1, cgroup.path(), "calls");
        var unwanted = start(0, -1, cgroup.path(), "call")) {
      Calls.run(cgroup, "open " + file + " 0 0");

      assertThat(wanted.end().events).hasSize(1);
      assertThat(unwanted.end().events).isEmpty();
    }
  }

  @Test
  void reportsOnlyFailuresWhenAskedButCountsAll() throws Exception {
    try (var observation = start(true, Duration.ZERO)) {
      Calls.run(cgroup, "open %s/file 0 0 open %<s/nosuch 0 0".formatted(directory));

      var telemetry = observation.end();
      assertThat(telemetry.events)
          .singleElement()
          .satisfies(e -> assertThat(e.get(Keys.ERROR_TYPE)).isEqualTo("ENOENT"));
      assertThat(counts(telemetry)).hasSize(2);
    }
  }

  @Test
  void reportsOnlyWhatTakesLongWhenAsked() throws Exception {
    String fifo = directory + "/fifo";
    Calls.command(List.of("mkfifo", fifo), Map.of());
    try (var observation = start(false, Duration.ofMillis(30))) {
      var opener =
          new ProcessBuilder(cgroup.enter(open(fifo, file))).redirectOutput(DISCARD).start();
      awaitSleep(opener);
      // From outside the cgroup, or on a preemptible kernel the opener could come upon programs
      // that stand still at this open, and its own would be left out.
      // Opened is enough: who waits may have closed its end before anything could be written.
      Files.newOutputStream(Path.of(fifo)).close();
      assertThat(opener.waitFor()).isZero();

      assertThat(observation.end().events)
          .singleElement()
          .satisfies(e -> assertThat(e.get(Keys.FILE_PATH)).isEqualTo(fifo))
          .satisfies(e -> assertThat(e.get(Keys.RINGSIDE_OPERATION_DURATION)).isGreaterThan(0.03));
    }
  }

  @Test
  void countsInTheKernelByAccessModeAndError() throws Exception {
    String words =
        ("open " + file + " 0 0 ").repeat(20)
            + ("open " + directory + "/nosuch 2 0 ").repeat(7)
            + ("open " + file + " " + 010000000 + " 0");
    var silent = options(0, -1, cgroup.path(), "", false, false, Duration.ZERO);
    try (var observation = Observation.start(new FileOpenType(), silent)) {
      Calls.run(cgroup, words);

      var telemetry = observation.end();
      assertThat(telemetry.events).isEmpty();
      assertThat(counts(telemetry))
          .containsOnly(
              Map.entry("read", 20L), Map.entry("read_write ENOENT", 7L), Map.entry("path", 1L));
    }
  }

  private static List<String> open(String... files) throws Exception {
    var command = new ArrayList<>(List.of(Calls.program()));
    for (var file : files) command.addAll(List.of("open", file, "0", "0"));
    return command;
  }

  /// Until it has slept for a while; proc_pid_stat(5): the state stands behind the name.
  private static void awaitSleep(Process process) {
    var stat = Path.of("/proc/" + process.pid() + "/stat");
    await()
        .atMost(Duration.ofMinutes(1))
        .during(Duration.ofMillis(200))
        .until(() -> {
          var line = Files.readString(stat);
          return line.contains("(calls)") && line.charAt(line.lastIndexOf(')') + 2) == 'S';
        });
  }

  private static Map<String, Long> counts(RecordingTelemetry telemetry) {
    var counts = new HashMap<String, Long>();
    for (var point : telemetry.histogram(Metrics.FILE_OPEN_DURATION)) {
      Attributes attributes = point.getKey();
      String error = attributes.get(Keys.ERROR_TYPE);
      String mode = attributes.get(Keys.RINGSIDE_FILE_ACCESS_MODE);
      counts.merge(error == null ? mode : mode + " " + error, point.getValue().count(), Long::sum);
    }
    return counts;
  }

  private Observation start(int pid, long uid, String cgroup, String command) {
    var options = options(pid, uid, cgroup, command, true, false, Duration.ZERO);
    return Observation.start(new FileOpenType(), options);
  }

  private Observation start(boolean failedOnly, Duration minDuration) {
    var options = options(0, -1, cgroup.path(), "", true, failedOnly, minDuration);
    return Observation.start(new FileOpenType(), options);
  }

  /// Everything below the test's directory.
  private FileOpenOptions options(
      int pid,
      long uid,
      String cgroup,
      String command,
      boolean events,
      boolean failedOnly,
      Duration minDuration) {
    return new FileOpenOptions(
        pid, uid, cgroup, command, directory + "/", events, failedOnly, minDuration, 1 << 20);
  }
}
