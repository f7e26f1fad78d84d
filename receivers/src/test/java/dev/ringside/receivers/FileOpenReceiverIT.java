package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.semconv.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class FileOpenReceiverIT {
  private static final int O_RDWR = 2;
  private static final int O_CLOEXEC = 02000000;

  @TempDir Path directory;

  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");
  private String file;
  private List<String> said;

  @BeforeEach
  void begin() throws IOException {
    file = Files.writeString(directory.resolve("file"), "x").toString();
  }

  @Test
  void reportsAnOpen() throws Exception {
    var event = only(observe("pid creat " + file + " 416"));

    assertThat(event.get(Keys.PROCESS_PID)).isEqualTo(Long.parseLong(said.get(0)));
    assertThat(event.get(Keys.THREAD_ID)).isEqualTo(Long.parseLong(said.get(0)));
    assertThat(event.get(Keys.FILE_PATH)).isEqualTo(file);
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
    Files.createDirectory(directory.resolve("d"));

    var telemetry =
        observe("open %s/nosuch 0 0 open %<s/file/x 0 0 open %<s/d 1 0".formatted(directory));

    assertThat(telemetry.events)
        .extracting(e -> e.get(Keys.ERROR_TYPE))
        .containsExactly("ENOENT", "ENOTDIR", "EISDIR");
    assertThat(telemetry.events).allMatch(e -> e.get(Keys.RINGSIDE_FILE_DESCRIPTOR) == null);
  }

  @Test
  void makesRelativePathsAbsolute() throws Exception {
    Path d = Files.createDirectory(directory.resolve("d"));

    var telemetry =
        observe("chdir %s open ../file 0 0 open ./x 0 0 openat %s file".formatted(d, directory));

    assertThat(paths(telemetry))
        .containsExactly(d + "/../file", d + "/x", directory.toString(), file);
  }

  @Test
  void knowsOpenat2() throws Exception {
    var event = only(observe("openat2 " + file + " " + (O_RDWR | O_CLOEXEC)));

    assertThat(event.get(Keys.FILE_PATH)).isEqualTo(file);
    assertThat(event.get(Keys.RINGSIDE_FILE_ACCESS_MODE)).isEqualTo("read_write");
    assertThat(event.get(Keys.RINGSIDE_FILE_OPEN_FLAGS)).containsExactly("O_CLOEXEC");
  }

  @Test
  void readsPathsThatAreLongOrEndAtAPage() throws Exception {
    Path deep = directory;
    for (int i = 0; i < 8; i++) deep = Files.createDirectory(deep.resolve("d".repeat(100)));
    String path = Files.createFile(deep.resolve("file")).toString();

    var telemetry = observe("open " + path + " 0 0 border " + path);

    assertThat(path.length()).isGreaterThan(800);
    assertThat(paths(telemetry)).containsExactly(path, path);
  }

  @Test
  void showsNamesThatAreNotUtf8ByteForByte() throws Exception {
    var event = only(observe("latin1 " + directory));

    assertThat(event.get(Keys.FILE_PATH)).isEqualTo(directory + "/caf\\xe9");
  }

  @Test
  void hasNoPathForAPointerToNothing() throws Exception {
    var events = observe("", "null").events;

    var failed = events.stream().filter(e -> "EFAULT".equals(e.get(Keys.ERROR_TYPE))).toList();
    assertThat(failed).hasSize(1);
    assertThat(failed.getFirst().attributes()).doesNotContainKey(Keys.FILE_PATH);
  }

  @Test
  void showsPathsAcrossMountsOfItsOwn() throws Exception {
    Path mount = Files.createDirectory(directory.resolve("mount"));
    Path source = Files.createDirectory(directory.resolve("source"));

    var telemetry =
        observe(
            "tmpfs %s mkdir %<s/b bind %s %1$s/b chdir %1$s/b creat new 384"
                .formatted(mount, source));

    assertThat(paths(telemetry)).containsExactly(mount + "/b/new");
  }

  @Test
  void showsPathsBelowARootOfItsOwn() throws Exception {
    var telemetry = observe("/file", "chroot " + directory + " open file 0 0");

    assertThat(paths(telemetry)).containsExactly("/file");
  }

  private RecordingTelemetry observe(String words) throws Exception {
    return observe(directory.toString(), words);
  }

  private RecordingTelemetry observe(String prefix, String words) throws Exception {
    var options =
        new FileOpenOptions(0, -1, cgroup.path(), "", prefix, true, false, Duration.ZERO, 1 << 20);
    try (var observation = Observation.start(new FileOpenType(), options)) {
      said = Calls.run(cgroup, words);
      return observation.end();
    }
  }

  private static List<String> paths(RecordingTelemetry telemetry) {
    return telemetry.events.stream().map(e -> e.get(Keys.FILE_PATH)).toList();
  }

  private static RecordingTelemetry.Event only(RecordingTelemetry telemetry) {
    assertThat(telemetry.events).hasSize(1);
    return telemetry.events.getFirst();
  }
}
