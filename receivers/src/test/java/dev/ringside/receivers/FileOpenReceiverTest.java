package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.ringside.bpf.Histogram;
import dev.ringside.bpf.Need;
import dev.ringside.bpf.Text;
import dev.ringside.bpf.Way;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FileOpenReceiverTest {
  private static final int O_CREAT = 0100;
  private static final int O_CLOEXEC = 02000000;

  private final FakeProbe kernel = new FakeProbe();
  private final RecordingTelemetry telemetry = new RecordingTelemetry();
  private final FileOpenType type = new FileOpenType();

  @Test
  void logsAnOpen() {
    bind(looking());

    kernel.emit("file_opens", open("/etc/./hosts", O_CLOEXEC, 0, 7));

    var event = only();
    assertThat(event.type()).isEqualTo(Events.FILE_OPEN);
    assertThat(event.time()).isEqualTo(5_000_000_123L);
    assertThat(event.attributes())
        .containsOnly(
            Map.entry(Keys.PROCESS_PID, 321L),
            Map.entry(Keys.PROCESS_CREATION_TIME, "1970-01-01T00:00:04.120Z"),
            Map.entry(Keys.PROCESS_EXECUTABLE_NAME, "cat"),
            Map.entry(Keys.PROCESS_USER_ID, 4_294_967_294L),
            Map.entry(Keys.THREAD_ID, 322L),
            Map.entry(Keys.THREAD_NAME, "cat-worker"),
            Map.entry(Keys.FILE_PATH, "/etc/hosts"),
            Map.entry(Keys.RINGSIDE_FILE_ACCESS_MODE, "read"),
            Map.entry(Keys.RINGSIDE_FILE_OPEN_FLAGS, List.of("O_CLOEXEC")),
            Map.entry(Keys.RINGSIDE_FILE_DESCRIPTOR, 7L),
            Map.entry(Keys.RINGSIDE_OPERATION_DURATION, 0.0000015));
  }

  @Test
  void anOpenStandsInTheSpanInWhichItBegan() {
    telemetry.contexts = new OneThread(321, 322, 5_000_000_123L - 1500);
    bind(looking());

    kernel.emit("file_opens", open("/etc/shadow", 2, 13, -1));

    var series =
        Attributes.of(Keys.RINGSIDE_FILE_ACCESS_MODE, "read_write", Keys.ERROR_TYPE, "EACCES");
    assertThat(only().span()).isEqualTo(OneThread.SPAN);
    assertThat(telemetry.exemplars)
        .extracting(e -> e.histogram(), e -> e.series(), e -> e.duration())
        .containsExactly(tuple(Metrics.FILE_OPEN_DURATION, series, 1500L));
  }

  @Test
  void logsAnOpenThatFailed() {
    bind(looking());

    kernel.emit("file_opens", open("/etc/shadow", 0, 13, -1));

    assertThat(only().get(Keys.ERROR_TYPE)).isEqualTo("EACCES");
    assertThat(only().get(Keys.RINGSIDE_ERRNO_NAME)).isEqualTo("EACCES");
    assertThat(only().get(Keys.RINGSIDE_FILE_DESCRIPTOR)).isNull();
  }

  @Test
  void anErrnoWithoutANameIsOther() {
    bind(looking());

    kernel.emit("file_opens", open("/etc/shadow", 0, 3000, -1));

    assertThat(only().get(Keys.ERROR_TYPE)).isEqualTo("_OTHER");
    assertThat(only().get(Keys.RINGSIDE_ERRNO_NAME)).isNull();
  }

  @Test
  void tellsTheModeOnlyWhereAFileMayBeCreated() {
    bind(looking());

    kernel.emit("file_opens", open("/tmp/new", 1 | O_CREAT, 0, 3));

    assertThat(only().get(Keys.FILE_MODE)).isEqualTo("0640");
    assertThat(only().get(Keys.RINGSIDE_FILE_ACCESS_MODE)).isEqualTo("write");
  }

  @Test
  void marksAPathThatWasCut() {
    bind(looking());
    var cut = new Text("/a/long".getBytes(StandardCharsets.UTF_8), true);

    kernel.emit("file_opens", open(cut, 0, 0, 3, Text.EMPTY));

    assertThat(only().get(Keys.RINGSIDE_FILE_PATH_TRUNCATED)).isTrue();
  }

  @Test
  void hasNoPathWhereNoneCouldBeRead() {
    bind(looking());

    kernel.emit("file_opens", open("", 0, 14, -1));

    assertThat(only().attributes()).doesNotContainKey(Keys.FILE_PATH);
    assertThat(only().get(Keys.ERROR_TYPE)).isEqualTo("EFAULT");
  }

  @Test
  void namesTheContainer() {
    bind(looking());
    String id = "4f9a1b6f9ad2b8d0d27f4f8d5c6f34e1c3d1b2a4958670f1e2d3c4b5a6978869";
    var cgroup = Text.of("/system.slice/docker-" + id + ".scope");

    kernel.emit("file_opens", open(Text.of("/etc/hosts"), 0, 0, 3, cgroup));

    assertThat(only().get(Keys.CONTAINER_ID)).isEqualTo(id);
  }

  @Test
  void reportsTheKernelsHistogramsByAccessModeAndError() {
    bind(type.defaults());
    var fast = new Histogram(1, 1, 1, 1, 0, new long[512]);
    var failed = new Histogram(2, 2, 1, 1, 0, new long[512]);
    kernel.row("open_durations", new FileOpenReceiver.OpenOutcome(2, 0), fast);
    kernel.row("open_durations", new FileOpenReceiver.OpenOutcome(3, 2), failed);

    var points = telemetry.histogram(Metrics.FILE_OPEN_DURATION);

    assertThat(points)
        .containsExactly(
            Map.entry(Attributes.of(Keys.RINGSIDE_FILE_ACCESS_MODE, "read_write"), fast),
            Map.entry(
                Attributes.of(Keys.RINGSIDE_FILE_ACCESS_MODE, "path", Keys.ERROR_TYPE, "ENOENT"),
                failed));
  }

  @Test
  void hasNoEventsByDefaultAndNoRingForThem() {
    bind(type.defaults());

    assertThat(kernel.globals).containsEntry("events", 0L);
    assertThat(kernel.listensTo("file_opens")).isFalse();
    assertThat(kernel.sizes).containsEntry("file_opens", 4096L);
  }

  @Test
  void filtersInTheKernel() {
    bind(
        new FileOpenOptions(
            42, 0, "", "nginx", "/var/lib", true, true, Duration.ofMillis(2), 1 << 16));

    assertThat(kernel.globals)
        .containsEntry("only_pid", 42L)
        .containsEntry("filter_uid", 1L)
        .containsEntry("only_uid", 0L)
        .containsEntry("only_command", "nginx")
        .containsEntry("only_path_prefix", "/var/lib")
        .containsEntry("only_path_prefix_length", 8L)
        .containsEntry("events", 1L)
        .containsEntry("only_failed", 1L)
        .containsEntry("min_duration_ns", 2_000_000L);
    assertThat(kernel.sizes).containsEntry("file_opens", 65_536L);
  }

  @Test
  void triesTheHookFirstThatCostsBystandersNothing() {
    bind(type.defaults());

    assertThat(kernel.needs).extracting(Need::name).containsExactly("file opens", "start times");
    assertThat(kernel.needs).allMatch(Need::required);
    assertThat(kernel.needs.getFirst().ways())
        .extracting(Way::mechanism)
        .containsExactly(
            "fentry/fexit", "kprobe/kretprobe", "syscall tracepoints", "raw tracepoints");
    assertThat(kernel.needs.getLast().ways())
        .extracting(Way::mechanism)
        .containsExactly("task storage", "hash");
  }

  @Test
  void refusesOptionsThatDoNotFit() {
    var d = type.defaults();

    assertRefused(
        new FileOpenOptions(0, -1, "", "", "etc", false, false, d.minDuration(), 4096),
        "path_prefix: 'etc'; begins with / and has at most 255 bytes");
    assertRefused(
        new FileOpenOptions(0, -1, "", "", "", false, false, Duration.ofSeconds(-1), 4096),
        "min_duration: PT-1S; from 0 to a day");
    assertRefused(
        new FileOpenOptions(0, -1, "", "", "", false, false, d.minDuration(), 5000),
        "ring_bytes: 5000; a power of two from 4096 to 1073741824");
    assertRefused(
        new FileOpenOptions(0, -2, "", "", "", false, false, d.minDuration(), 4096),
        "uid: -2; 0 to 4294967294, or -1 for all");
  }

  private void assertRefused(FileOpenOptions options, String message) {
    assertThatThrownBy(() -> type.create(options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private FileOpenOptions looking() {
    return type.forLooking();
  }

  private void bind(FileOpenOptions options) {
    type.create(options).bind(kernel, telemetry);
  }

  private RecordingTelemetry.Event only() {
    assertThat(telemetry.events).hasSize(1);
    return telemetry.events.getFirst();
  }

  private static FileOpen open(String path, int flags, int error, int descriptor) {
    return open(Text.of(path), flags, error, descriptor, Text.of("/user.slice"));
  }

  private static FileOpen open(Text path, int flags, int error, int descriptor, Text cgroup) {
    var process = new ObservedProcess(4_123_000_000L, 321, 322, 1, 321, -2, "cat-worker");
    return new FileOpen(
        5_000_000_123L,
        1500,
        process,
        error,
        descriptor,
        flags,
        0640,
        path,
        Text.of("cat"),
        cgroup);
  }
}
