package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringside.bpf.Histogram;
import dev.ringside.bpf.Need;
import dev.ringside.bpf.Text;
import dev.ringside.bpf.Way;
import dev.ringside.receivers.linux.SystemCalls;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SyscallLatencyReceiverTest {
  private static final int READ = SystemCalls.ofThisMachine().number("read");
  private static final int FSYNC = SystemCalls.ofThisMachine().number("fsync");

  private final FakeProbe kernel = new FakeProbe();
  private final RecordingTelemetry telemetry = new RecordingTelemetry();
  private final SyscallLatencyType type = new SyscallLatencyType();

  @Test
  void logsASlowCall() {
    bind(type.forLooking());

    kernel.emit("slow_syscalls", slow(FSYNC, 0));

    assertThat(telemetry.events)
        .singleElement()
        .satisfies(e -> assertThat(e.type()).isEqualTo(Events.SYSCALL_SLOW))
        .satisfies(e -> assertThat(e.time()).isEqualTo(5_000_000_123L))
        .satisfies(e ->
            assertThat(e.attributes())
                .containsOnly(
                    Map.entry(Keys.PROCESS_PID, 321L),
                    Map.entry(Keys.PROCESS_CREATION_TIME, "1970-01-01T00:00:04.120Z"),
                    Map.entry(Keys.PROCESS_EXECUTABLE_NAME, "db"),
                    Map.entry(Keys.PROCESS_USER_ID, 7L),
                    Map.entry(Keys.THREAD_ID, 322L),
                    Map.entry(Keys.THREAD_NAME, "db-writer"),
                    Map.entry(Keys.RINGSIDE_SYSCALL_NAME, "fsync"),
                    Map.entry(Keys.RINGSIDE_OPERATION_DURATION, 0.0125)));
  }

  @Test
  void aSlowCallStandsInTheSpanInWhichItBegan() {
    telemetry.contexts = new OneThread(321, 322, 5_000_000_123L - 12_500_000);
    bind(type.forLooking());

    kernel.emit("slow_syscalls", slow(READ, 4));

    assertThat(telemetry.events.getFirst().span()).isEqualTo(OneThread.SPAN);
    assertThat(telemetry.exemplars)
        .containsExactly(
            new RecordingTelemetry.Exemplar(
                Metrics.SYSCALL_DURATION,
                Attributes.of(Keys.RINGSIDE_SYSCALL_NAME, "read", Keys.ERROR_TYPE, "EINTR"),
                12_500_000,
                5_000_000_123L,
                OneThread.SPAN));
  }

  @Test
  void claimsNoSpanForACallOfWhichNothingIsKnown() {
    telemetry.contexts = new OneThread(321, 322, 5_000_000_123L);
    bind(type.forLooking());

    kernel.emit("slow_syscalls", slow(READ, 4));

    assertThat(telemetry.events.getFirst().span().isValid()).isFalse();
    assertThat(telemetry.exemplars).isEmpty();
  }

  @Test
  void logsASlowCallThatFailed() {
    bind(type.forLooking());

    kernel.emit("slow_syscalls", slow(READ, 4));

    var event = telemetry.events.getFirst();
    assertThat(event.get(Keys.ERROR_TYPE)).isEqualTo("EINTR");
    assertThat(event.get(Keys.RINGSIDE_ERRNO_NAME)).isEqualTo("EINTR");
  }

  @Test
  void reportsTheKernelsHistogramsByNameAndError() {
    bind(type.defaults());
    var any = new Histogram(1, 1, 1, 1, 0, new long[512]);
    kernel.row("syscall_durations", new SyscallLatencyReceiver.SyscallOutcome(READ, 0), any);
    kernel.row("syscall_durations", new SyscallLatencyReceiver.SyscallOutcome(READ, 11), any);
    kernel.row("syscall_durations", new SyscallLatencyReceiver.SyscallOutcome(512, 38), any);

    var points = telemetry.histogram(Metrics.SYSCALL_DURATION);

    assertThat(points)
        .extracting(Map.Entry::getKey)
        .containsExactly(
            Attributes.of(Keys.RINGSIDE_SYSCALL_NAME, "read"),
            Attributes.of(Keys.RINGSIDE_SYSCALL_NAME, "read", Keys.ERROR_TYPE, "EAGAIN"),
            Attributes.of(Keys.RINGSIDE_SYSCALL_NAME, "_OTHER", Keys.ERROR_TYPE, "ENOSYS"));
  }

  @Test
  void isOffUntilItIsAskedForAndThenWithoutEvents() {
    bind(type.defaults());

    assertThat(type.runsByDefault()).isFalse();
    assertThat(kernel.globals).containsEntry("events", 0L);
    assertThat(kernel.listensTo("slow_syscalls")).isFalse();
    assertThat(kernel.sizes).containsEntry("slow_syscalls", 4096L);
  }

  @Test
  void filtersInTheKernel() {
    bind(options(42, List.of("read"), List.of(), Duration.ofMillis(2)));

    assertThat(kernel.globals)
        .containsEntry("only_pid", 42L)
        .containsEntry("except_pid", 0L)
        .containsEntry("filter_uid", 1L)
        .containsEntry("only_uid", 0L)
        .containsEntry("only_command", "nginx")
        .containsEntry("min_duration_ns", 2_000_000L);
    var wanted = (String) kernel.globals.get("wanted_calls");
    assertThat(wanted).hasSize(513);
    assertThat(wanted.chars().filter(c -> c == 1).count()).isEqualTo(1);
    assertThat(wanted.charAt(READ)).isEqualTo((char) 1);
  }

  @Test
  void takesRoomForTheCallsThatAreMeasured() {
    bind(options(0, List.of("read", "write", "open*"), List.of(), Duration.ZERO));
    var few = kernel.sizes.get("syscall_durations");
    bind(type.defaults());

    assertThat(few).isBetween(256L, 1024L);
    assertThat(kernel.sizes).containsEntry("syscall_durations", 4096L);
  }

  @Test
  void triesTheTracepointsOfAFewCallsBeforeThoseOfAll() {
    bind(options(0, List.of("read", "stat*"), List.of(), Duration.ZERO));

    assertThat(kernel.needs).extracting(Need::name).containsExactly("system calls", "start times");
    assertThat(kernel.needs.getFirst().ways())
        .extracting(Way::mechanism)
        .containsExactly("syscall tracepoints", "raw tracepoints");
    assertThat(kernel.needs.getLast().ways())
        .extracting(Way::mechanism)
        .containsExactly("task storage", "hash");
  }

  @Test
  void hasOneWayOnlyToSeeAllCalls() {
    bind(type.defaults());

    assertThat(kernel.needs.getFirst().ways())
        .extracting(Way::mechanism)
        .containsExactly("raw tracepoints");
  }

  @Test
  void refusesOptionsThatDoNotFit() {
    assertRefused(
        options(0, List.of("raed"), List.of(), Duration.ZERO),
        "calls: 'raed': no such system call; did you mean read?");
    assertRefused(
        options(0, List.of(), List.of(), Duration.ofSeconds(-1)),
        "min_duration: PT-1S; from 0 to a day");
  }

  private void assertRefused(SyscallLatencyOptions options, String message) {
    assertThatThrownBy(() -> type.create(options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static SyscallLatencyOptions options(
      int pid, List<String> calls, List<String> exclude, Duration minDuration) {
    return new SyscallLatencyOptions(
        pid, 0, "", "nginx", calls, exclude, true, minDuration, 1 << 16);
  }

  private void bind(SyscallLatencyOptions options) {
    type.create(options).bind(kernel, telemetry);
  }

  private static SlowSyscall slow(int number, int error) {
    var process = new ObservedProcess(4_123_000_000L, 321, 322, 1, 321, 7, "db-writer");
    return new SlowSyscall(
        5_000_000_123L, 12_500_000, process, number, error, Text.of("db"), Text.of("/user.slice"));
  }
}
