package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.bpf.Histogram;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileOpenReceiverIT {
  @TempDir Path directory;

  private OwnCgroup cgroup;
  private Path file;

  @BeforeEach
  void begin() throws IOException {
    cgroup = OwnCgroup.create("workload");
    file = Files.writeString(directory.resolve("file"), "x");
  }

  @AfterEach
  void end() throws IOException {
    cgroup.close();
  }

  @Test
  void reportsAnOpen() throws Exception {
    List<String> said;
    RecordingTelemetry telemetry;
    try (var observation = start(all())) {
      said = calls("pid", "creat", file.toString(), "416");
      telemetry = observation.end();
    }

    var event = only(telemetry);
    assertThat(event.get(Keys.PROCESS_PID)).isEqualTo(Long.parseLong(said.get(0)));
    assertThat(event.get(Keys.THREAD_ID)).isEqualTo(Long.parseLong(said.get(0)));
    assertThat(event.get(Keys.FILE_PATH)).isEqualTo(file.toString());
    assertThat(event.get(Keys.RINGSIDE_FILE_DESCRIPTOR)).isEqualTo(Long.parseLong(said.get(1)));
    assertThat(event.get(Keys.RINGSIDE_FILE_ACCESS_MODE)).isEqualTo("write");
    assertThat(event.get(Keys.RINGSIDE_FILE_OPEN_FLAGS)).containsExactly("O_CREAT", "O_TRUNC");
    assertThat(event.get(Keys.FILE_MODE)).isEqualTo("0640");
    assertThat(event.get(Keys.PROCESS_EXECUTABLE_NAME)).isEqualTo("calls");
    assertThat(event.get(Keys.THREAD_NAME)).isEqualTo("calls");
    assertThat(event.get(Keys.PROCESS_USER_ID)).isZero();
    assertThat(event.get(Keys.RINGSIDE_OPERATION_DURATION)).isBetween(1e-7, 1.0);
    assertThat(event.get(Keys.ERROR_TYPE)).isNull();
  }

  @Test
  void reportsEachErrorByItsName() throws Exception {
    var telemetry =
        observe(
            all(),
            "open",
            at("nosuch"),
            "0",
            "0",
            "open",
            at("file/x"),
            "0",
            "0",
            "mkdir",
            at("d"),
            "open",
            at("d"),
            "1",
            "0");

    assertThat(telemetry.events)
        .extracting(e -> e.get(Keys.ERROR_TYPE))
        .containsExactly("ENOENT", "ENOTDIR", "EISDIR");
    assertThat(telemetry.events).allMatch(e -> e.get(Keys.RINGSIDE_FILE_DESCRIPTOR) == null);
  }

  @Test
  void makesRelativePathsAbsolute() throws Exception {
    Files.createDirectory(directory.resolve("d"));
    var telemetry =
        observe(
            all(),
            "chdir",
            at("d"),
            "open",
            "../file",
            "0",
            "0",
            "open",
            "./x",
            "0",
            "0",
            "openat",
            directory.toString(),
            "file");

    assertThat(paths(telemetry))
        .containsExactly(at("d/../file"), at("d/x"), directory.toString(), at("file"));
  }

  @Test
  void knowsOpenat2() throws Exception {
    var event = only(observe(all(), "openat2", file.toString(), Integer.toString(0x80000 | 2)));

    assertThat(event.get(Keys.FILE_PATH)).isEqualTo(file.toString());
    assertThat(event.get(Keys.RINGSIDE_FILE_ACCESS_MODE)).isEqualTo("read_write");
    assertThat(event.get(Keys.RINGSIDE_FILE_OPEN_FLAGS)).containsExactly("O_CLOEXEC");
  }

  @Test
  void readsPathsThatAreLongOrEndAtAPage() throws Exception {
    Path deep = directory;
    for (int i = 0; i < 8; i++) deep = Files.createDirectory(deep.resolve("d".repeat(100)));
    String path = Files.createFile(deep.resolve("file")).toString();

    var telemetry = observe(all(), "open", path, "0", "0", "border", path);

    assertThat(path.length()).isGreaterThan(800);
    assertThat(paths(telemetry)).containsExactly(path, path);
  }

  @Test
  void showsNamesThatAreNotUtf8ByteForByte() throws Exception {
    var event = only(observe(all(), "latin1", directory.toString()));

    assertThat(event.get(Keys.FILE_PATH)).isEqualTo(at("caf\\xe9"));
  }

  @Test
  void hasNoPathForAPointerToNothing() throws Exception {
    var options = options(cgroup.path(), "", false, Duration.ZERO);
    var events = observe(options, "null").events;

    var failed = events.stream().filter(e -> "EFAULT".equals(e.get(Keys.ERROR_TYPE))).toList();
    assertThat(failed).hasSize(1);
    assertThat(failed.getFirst().attributes()).doesNotContainKey(Keys.FILE_PATH);
  }

  @Test
  void showsPathsAsTheProcessSeesThem() throws Exception {
    Path mount = Files.createDirectory(directory.resolve("mount"));
    Path source = Files.createDirectory(directory.resolve("source"));
    var inOtherMounts =
        observe(
            all(),
            "tmpfs",
            mount.toString(),
            "mkdir",
            mount + "/b",
            "bind",
            source.toString(),
            mount + "/b",
            "chdir",
            mount + "/b",
            "creat",
            "new",
            "384");
    var inOtherRoot =
        observe(
            options(cgroup.path(), "/new", false, Duration.ZERO),
            "chroot",
            source.toString(),
            "open",
            "new",
            "0",
            "0");

    assertThat(paths(inOtherMounts)).containsExactly(mount + "/b/new");
    assertThat(paths(inOtherRoot)).containsExactly("/new");
  }

  @Test
  void namesTheContainerByItsCgroup() throws Exception {
    String id = "4f9a1b6f9ad2b8d0d27f4f8d5c6f34e1c3d1b2a4958670f1e2d3c4b5a6978869";
    try (var container = OwnCgroup.create("docker-" + id + ".scope");
        var observation = start(options(container.parentPath(), at(""), false, Duration.ZERO))) {
      run(container, "open", file.toString(), "0", "0");

      assertThat(only(observation.end()).get(Keys.CONTAINER_ID)).isEqualTo(id);
    }
  }

  @Test
  void seesNothingOfAnotherCgroup() throws Exception {
    try (var other = OwnCgroup.create("other");
        var observation = start(all())) {
      run(other, "open", file.toString(), "0", "0");

      assertThat(observation.end().events).isEmpty();
    }
  }

  @Test
  void looksOnlyAtOneProcess() throws Exception {
    var waiting =
        new ProcessBuilder("/bin/sh", "-c", "read go; : < " + file + "; : < " + at("nosuch"))
            .start();
    var options =
        new FileOpenOptions(
            (int) waiting.pid(), -1, "", "", at(""), true, false, Duration.ZERO, 1 << 20);
    try (var observation = start(options)) {
      Observation.run(
          List.of(Calls.program().toString(), "open", file.toString(), "0", "0"), Map.of());
      waiting.getOutputStream().close();
      waiting.waitFor();

      var events = observation.end().events;
      assertThat(events).hasSize(2).allMatch(e -> e.get(Keys.PROCESS_PID) == waiting.pid());
    }
  }

  @Test
  void looksOnlyAtOneUser() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    var options =
        new FileOpenOptions(
            0, 65534, cgroup.path(), "", at(""), true, false, Duration.ZERO, 1 << 20);
    var telemetry =
        observe(
            options,
            "open",
            file.toString(),
            "0",
            "0",
            "setuid",
            "65534",
            "open",
            file.toString(),
            "1",
            "0");

    assertThat(only(telemetry).get(Keys.PROCESS_USER_ID)).isEqualTo(65534);
  }

  @Test
  void looksOnlyAtOneCommand() throws Exception {
    var options =
        new FileOpenOptions(
            0, -1, cgroup.path(), "calls", at(""), true, false, Duration.ZERO, 1 << 20);
    var telemetry = observe(options, "open", file.toString(), "0", "0");
    var nobody =
        observe(
            new FileOpenOptions(
                0, -1, cgroup.path(), "call", at(""), true, false, Duration.ZERO, 1 << 20),
            "open",
            file.toString(),
            "0",
            "0");

    assertThat(telemetry.events).hasSize(1);
    assertThat(nobody.events).isEmpty();
  }

  @Test
  void reportsOnlyFailuresWhenAsked() throws Exception {
    var telemetry =
        observe(
            options(cgroup.path(), at(""), true, Duration.ZERO),
            "open",
            file.toString(),
            "0",
            "0",
            "open",
            at("nosuch"),
            "0",
            "0");

    assertThat(only(telemetry).get(Keys.ERROR_TYPE)).isEqualTo("ENOENT");
    assertThat(counts(telemetry)).hasSize(2);
  }

  @Test
  void reportsOnlyWhatTakesLongWhenAsked() throws Exception {
    Observation.run(List.of("mkfifo", at("fifo")), Map.of());
    var telemetry =
        observe(
            options(cgroup.path(), at(""), false, Duration.ofMillis(30)),
            "write-later",
            at("fifo"),
            "100",
            "open",
            at("fifo"),
            "0",
            "0",
            "open",
            file.toString(),
            "0",
            "0");

    assertThat(only(telemetry).get(Keys.FILE_PATH)).isEqualTo(at("fifo"));
    assertThat(only(telemetry).get(Keys.RINGSIDE_OPERATION_DURATION)).isGreaterThan(0.03);
  }

  @Test
  void countsInTheKernelByAccessModeAndError() throws Exception {
    var calls = new ArrayList<String>();
    for (int i = 0; i < 20; i++) calls.addAll(List.of("open", file.toString(), "0", "0"));
    for (int i = 0; i < 7; i++) calls.addAll(List.of("open", at("nosuch"), "2", "0"));
    calls.addAll(List.of("open", file.toString(), Integer.toString(010000000), "0"));

    var silent =
        new FileOpenOptions(0, -1, cgroup.path(), "", at(""), false, false, Duration.ZERO, 1 << 20);
    var telemetry = observe(silent, calls.toArray(String[]::new));

    assertThat(telemetry.events).isEmpty();
    assertThat(counts(telemetry))
        .containsOnly(
            Map.entry(mode("read", null), 20L),
            Map.entry(mode("read_write", "ENOENT"), 7L),
            Map.entry(mode("path", null), 1L));
  }

  private static Attributes mode(String mode, String error) {
    var attributes = Attributes.builder().put(Keys.RINGSIDE_FILE_ACCESS_MODE, mode);
    if (error != null) attributes.put(Keys.ERROR_TYPE, error);
    return attributes.build();
  }

  private static Map<Attributes, Long> counts(RecordingTelemetry telemetry) {
    var counts = new HashMap<Attributes, Long>();
    for (Map.Entry<Attributes, Histogram> point : telemetry.histogram(Metrics.FILE_OPEN_DURATION)) {
      counts.merge(point.getKey(), point.getValue().count(), Long::sum);
    }
    return counts;
  }

  /// Everything below the test's directory.
  private FileOpenOptions all() {
    return options(cgroup.path(), at(""), false, Duration.ZERO);
  }

  private static FileOpenOptions options(
      String cgroup, String prefix, boolean failedOnly, Duration minDuration) {
    return new FileOpenOptions(0, -1, cgroup, "", prefix, true, failedOnly, minDuration, 1 << 20);
  }

  private static Observation start(FileOpenOptions options) {
    return Observation.start(new FileOpenType(), options);
  }

  private RecordingTelemetry observe(FileOpenOptions options, String... calls) throws Exception {
    try (var observation = start(options)) {
      calls(calls);
      return observation.end();
    }
  }

  private List<String> calls(String... calls) throws Exception {
    return run(cgroup, calls);
  }

  private static List<String> run(OwnCgroup cgroup, String... calls) throws Exception {
    var command = new ArrayList<>(List.of(Calls.program().toString()));
    command.addAll(List.of(calls));
    return Observation.run(cgroup.enter(command), Map.of());
  }

  private String at(String name) {
    return directory + (name.isEmpty() ? "" : "/" + name);
  }

  private static List<String> paths(RecordingTelemetry telemetry) {
    return telemetry.events.stream().map(e -> e.get(Keys.FILE_PATH)).toList();
  }

  private static RecordingTelemetry.Event only(RecordingTelemetry telemetry) {
    assertThat(telemetry.events).hasSize(1);
    return telemetry.events.getFirst();
  }
}
