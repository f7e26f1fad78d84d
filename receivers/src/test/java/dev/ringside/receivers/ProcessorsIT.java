package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// A processor that goes and comes back while events flow. Only in a guest: nobody takes a
/// processor from a machine that others work on.
@Tag("guest")
class ProcessorsIT {
  private static final Path ONLINE = Path.of("/sys/devices/system/cpu/cpu1/online");

  /// Opens its own file until it is told to stop, and says how often.
  private static final String OPENING =
      "i=0; while [ ! -e stop ]; do : < $0; i=$((i+1)); done; echo $i";

  @TempDir Path directory;

  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");

  @BeforeEach
  void begin() throws IOException {
    switchOn();
  }

  @AfterEach
  void end() throws IOException {
    // A guest of the laboratory has one processor unless somebody asks for the other.
    Files.writeString(ONLINE, "0");
  }

  @Test
  void nothingIsMissedOrCountedTwiceWhenAProcessorGoesAndComesBack() throws Exception {
    try (var observation = start()) {
      var first = open("first", 0);
      var second = open("second", 1);
      awaitBinding(second, 1);
      awaitProcessor(second, 1);
      // Two that press on one processor come upon each other's programs, and the kernel leaves out
      // such a run: the more of them, the slower the machine.
      signal("STOP", first);
      Files.writeString(ONLINE, "0");
      awaitProcessor(second, 0);
      switchOn();
      Calls.command(List.of("taskset", "-p", "-c", "1", Long.toString(second.pid())), Map.of());
      awaitProcessor(second, 1);
      signal("CONT", first);
      Files.createFile(directory.resolve("stop"));
      long ofFirst = count(first);
      long ofSecond = count(second);

      var telemetry = observation.end();

      // The agent itself opens files in between.
      long missed = observation.missed();
      assertThat(opens(telemetry, "first")).isBetween(ofFirst - missed, ofFirst);
      assertThat(opens(telemetry, "second")).isBetween(ofSecond - missed, ofSecond);
      assertThat(measured(telemetry)).isBetween(ofFirst + ofSecond - missed, ofFirst + ofSecond);
      assertThat(missed).isLessThan((ofFirst + ofSecond) / 100);
    }
  }

  private static long measured(RecordingTelemetry telemetry) {
    return telemetry.histogram(Metrics.FILE_OPEN_DURATION).stream()
        .mapToLong(p -> p.getValue().count())
        .sum();
  }

  private Process open(String name, int processor) throws Exception {
    Files.createFile(directory.resolve(name));
    var command =
        List.of("taskset", "-c", "" + processor, "/bin/sh", "-c", OPENING, directory + "/" + name);
    return new ProcessBuilder(cgroup.enter(command))
        .directory(directory.toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void signal(String signal, Process process) throws Exception {
    var kill = List.of("kill", "-" + signal, Long.toString(process.pid()));
    assertThat(new ProcessBuilder(kill).start().waitFor()).isZero();
  }

  /// The kernel tells its cpusets a moment later, and until then nobody may ask for it.
  private static void switchOn() throws IOException {
    Files.writeString(ONLINE, "1");
    await("processor 1")
        .atMost(Duration.ofMinutes(1))
        .until(() ->
            Calls.command(List.of("sh", "-c", "taskset -c 1 true 2>/dev/null"), Map.of())
                .equals(List.of("0")));
  }

  /// Until then it may be on that processor by chance, and find it gone when it asks for it.
  private static void awaitBinding(Process process, int processor) {
    var status = Path.of("/proc/" + process.pid() + "/status");
    await(process + " bound to processor " + processor)
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> Files.readAllLines(status).contains("Cpus_allowed_list:\t" + processor));
  }

  /// proc_pid_stat(5): the processor a task ran on last is the 39th field.
  private static void awaitProcessor(Process process, int processor) {
    var stat = Path.of("/proc/" + process.pid() + "/stat");
    await(process + " on processor " + processor)
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          var line = Files.readString(stat);
          return line.substring(line.lastIndexOf(')') + 2).split(" ")[36].equals("" + processor);
        });
  }

  private static long count(Process process) throws Exception {
    var said = process.inputReader().readLine();
    assertThat(process.waitFor()).isZero();
    return Long.parseLong(said);
  }

  private long opens(RecordingTelemetry telemetry, String name) {
    var path = directory.resolve(name).toString();
    return telemetry.events.stream().filter(e -> path.equals(e.get(Keys.FILE_PATH))).count();
  }

  private Observation start() {
    // No room is short here: what is lost is the next test's business.
    var options =
        new FileOpenOptions(
            0, -1, cgroup.path(), "", directory + "/", true, false, Duration.ZERO, 32 << 20);
    return Observation.start(new FileOpenType(), options);
  }
}
