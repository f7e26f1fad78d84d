package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.bpf.Histogram;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a program in a cgroup of its own calls, by its own account.
class SyscallLatencyReceiverIT {
  /// So many that they are measured by the tracepoints that all calls pass.
  private static final List<String> ALL = List.of();

  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");
  private List<String> said;
  private long missed;

  @Test
  void countsEveryCallByItsNameAndError() throws Exception {
    var counts =
        counts(observe(ALL, "getppid 40 bad-read 7 open /nosuch 0 0 syscall 500 3 syscall 5000 2"));

    assertCounted(counts, "getppid", 40);
    assertCounted(counts, "read EBADF", 7);
    assertCounted(counts, "openat ENOENT", 1);
    assertCounted(counts, "syscall_500 ENOSYS", 3);
    assertCounted(counts, "_OTHER ENOSYS", 2);
    assertThat(counts).doesNotContainKeys("read", "openat", "nanosleep", "exit_group");
  }

  @Test
  void countsAFewCallsAndNoOthers() throws Exception {
    var calls = List.of("getppid", "read", "uname", "semget");

    var counts = counts(observe(calls, "getppid 30 bad-read 5 int80 64 20 pid"));

    assertCounted(counts, "getppid", 30);
    assertCounted(counts, "read EBADF", 5);
    assertThat(counts).containsOnlyKeys("getppid", "read EBADF");
  }

  @Test
  void doesNotTakeThe32BitCallOfANumberForThe64BitOne() throws Exception {
    // 64 is getppid in 32 bits, and semget in 64.
    var counts = counts(observe(ALL, "int80 64 20 getppid 3"));

    assertCounted(counts, "getppid", 3);
    assertThat(counts.keySet()).noneMatch(call -> call.startsWith("semget"));
  }

  @Test
  void measuresASleepAsTheSleeperDoesAndReportsItAsSlow() throws Exception {
    var telemetry = observe(List.of("nanosleep", "getppid"), true, "getppid 5 sleep 500 pid");

    long bySleeper = Long.parseLong(said.getFirst());
    var took = only(telemetry, "nanosleep");
    assertThat(took.count()).isEqualTo(1);
    assertThat(took.sumNs()).isBetween(500_000_000L, bySleeper);
    assertThat(took.sumNs()).isGreaterThan(bySleeper / 100 * 95);
    assertThat(took.minNs()).isEqualTo(took.maxNs()).isEqualTo(took.sumNs());
    assertThat(telemetry.events(Events.SYSCALL_SLOW))
        .singleElement()
        .satisfies(e -> {
          assertThat(e.get(Keys.RINGSIDE_SYSCALL_NAME)).isEqualTo("nanosleep");
          assertThat(e.get(Keys.RINGSIDE_OPERATION_DURATION)).isEqualTo(took.sumNs() / 1e9);
          assertThat(e.get(Keys.PROCESS_PID)).isEqualTo(Long.parseLong(said.get(1)));
          assertThat(e.get(Keys.THREAD_ID)).isEqualTo(Long.parseLong(said.get(1)));
          assertThat(e.get(Keys.PROCESS_EXECUTABLE_NAME)).isEqualTo("calls");
          assertThat(e.get(Keys.ERROR_TYPE)).isNull();
        });
  }

  @Test
  void seesExecsReturnIntoTheNewProgramAndFailInTheOld() throws Exception {
    var program = Calls.program();
    long begin = System.nanoTime();
    var telemetry =
        observe(ALL, "exec %1$s exec-in-thread %1$s fork exec-as /nosuch %1$s".formatted(program));
    long whole = System.nanoTime() - begin;

    var counts = counts(telemetry);
    assertCounted(counts, "execve", 3);
    assertCounted(counts, "execve ENOENT", 1);
    assertThat(only(telemetry, "execve").maxNs()).isLessThan(whole);
  }

  @Test
  void countsAForkOnceAndWhatNeverReturnsNotAtAll() throws Exception {
    var counts =
        counts(observe(List.of("clone", "wait4", "exit*", "getppid"), "forks 6 getppid 1"));

    assertCounted(counts, "clone", 6);
    assertCounted(counts, "wait4", 6);
    assertThat(counts).containsOnlyKeys("clone", "wait4", "getppid");
  }

  /// A read without and one with SA_RESTART, and a sleep that is stopped and goes on.
  @Test
  void takesAnInterruptedCallAsFailedAndItsNewBeginningAsACallOfItsOwn() throws Exception {
    var counts = counts(observe(ALL, "interrupted-read 0 interrupted-read 1 stopped-sleep 200"));

    assertThat(said).startsWith("-4", "1").endsWith("0");
    assertCounted(counts, "read EINTR", 2);
    assertCounted(counts, "read", 1);
    assertCounted(counts, "nanosleep EINTR", 1);
    assertCounted(counts, "restart_syscall", 1);
    assertThat(counts.keySet()).noneMatch(call -> call.startsWith("rt_sigreturn"));
  }

  @Test
  void knowsNothingOfACallThatWasUnderWayBefore() throws Exception {
    var reader =
        new ProcessBuilder(cgroup.enter(List.of(Calls.program(), "input", "getppid", "3")))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    ProcessStates.awaitSleeping(reader, "calls");
    try (var observation = start(ALL, false)) {
      reader.getOutputStream().close();
      reader.waitFor();

      var counts = counts(ended(observation));
      assertCounted(counts, "getppid", 3);
      assertThat(counts).doesNotContainKey("read");
    }
  }

  private RecordingTelemetry observe(List<String> calls, String words) throws Exception {
    return observe(calls, false, words);
  }

  private RecordingTelemetry observe(List<String> calls, boolean events, String words)
      throws Exception {
    try (var observation = start(calls, events)) {
      said = Calls.run(cgroup, words);
      return ended(observation);
    }
  }

  private Observation start(List<String> calls, boolean events) {
    var options =
        new SyscallLatencyOptions(
            0, -1, cgroup.path(), "", calls, List.of(), events, Duration.ofMillis(50), 1 << 20);
    return Observation.start(new SyscallLatencyType(), options);
  }

  private RecordingTelemetry ended(Observation observation) {
    var telemetry = observation.end();
    missed = observation.missed();
    if (missed == 0) assertThat(observation.lost()).isZero();
    return telemetry;
  }

  /// A preemptible kernel leaves runs out, and says how many.
  private void assertCounted(Map<String, Long> counts, String call, long expected) {
    assertThat(counts.getOrDefault(call, 0L)).as(call).isBetween(expected - missed, expected);
  }

  private static Map<String, Long> counts(RecordingTelemetry telemetry) {
    var counts = new HashMap<String, Long>();
    for (var point : telemetry.histogram(Metrics.SYSCALL_DURATION)) {
      var error = point.getKey().get(Keys.ERROR_TYPE);
      var name = point.getKey().get(Keys.RINGSIDE_SYSCALL_NAME);
      counts.merge(error == null ? name : name + " " + error, point.getValue().count(), Long::sum);
    }
    return counts;
  }

  /// The histogram of a call that succeeded.
  private static Histogram only(RecordingTelemetry telemetry, String call) {
    return telemetry.histogram(Metrics.SYSCALL_DURATION).stream()
        .filter(p -> call.equals(p.getKey().get(Keys.RINGSIDE_SYSCALL_NAME)))
        .filter(p -> p.getKey().get(Keys.ERROR_TYPE) == null)
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }
}
