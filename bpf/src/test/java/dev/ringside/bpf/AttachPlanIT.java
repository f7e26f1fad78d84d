package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Ways that this kernel refuses for different reasons, and the one that holds.
class AttachPlanIT {
  record Seen(int by, int tid) {}

  record Key(int key) {}

  private static final Way REFUSED_BY_VERIFIER = Way.by("refused").attach("refused");
  private static final Way NO_SUCH_FUNCTION = Way.by("fentry").attach("missing");
  private static final Way NO_SUCH_TRACEPOINT = Way.by("tracepoint").attach("nowhere");
  private static final Way WORKS = Way.by("BTF tracepoint").attach("works").set("flavour", 4);

  private final TestObjects.Polling polling = new TestObjects.Polling();
  private final BpfObject object = TestObjects.open("ways");
  private final List<Seen> seen = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    object.close();
    polling.close();
  }

  @Test
  void takesTheFirstWayThatTheKernelAcceptsAndKeepsTheReasons() {
    object.need(
        Need.required("calls", REFUSED_BY_VERIFIER, NO_SUCH_FUNCTION, NO_SUCH_TRACEPOINT, WORKS));
    object.need(Need.optional("tasks", Way.by("iterator").attach("visit", Hook.iterator())));
    object.need(Need.required("room", Way.by("no key").map("impossible"), Way.by("hash")));

    var plan = object.load(polling.poller);

    var calls = plan.steps().getFirst();
    assertThat(calls.holds()).contains(WORKS);
    assertThat(calls.refusals())
        .extracting(r -> r.way().mechanism())
        .containsExactly("refused", "fentry", "tracepoint");
    assertThat(calls.refusals().get(0).kernelSaid()).contains("!read_ok");
    assertThat(calls.refusals().get(1).kernelSaid())
        .contains("no_kernel_has_a_function_of_this_name");
    assertThat(calls.refusals().get(2).kernelSaid()).contains("No such file or directory");
    assertThat(plan.steps().get(2).refusals())
        .singleElement()
        .satisfies(r -> assertThat(r.what()).isEqualTo("impossible"));
    assertThat(plan.isBest()).isFalse();
  }

  @Test
  void triesWaysOnASmallScaleBeforeItLoadsTheWholeObject() {
    leaveOutTheOthers();
    object.need(Need.required("calls", NO_SUCH_FUNCTION, NO_SUCH_TRACEPOINT, WORKS));

    object.load(polling.poller);

    assertThat(object.attempts()).isEqualTo(1);
  }

  @Test
  void findsOnlyByLoadingWhatTheVerifierRefuses() {
    leaveOutTheOthers();
    object.need(Need.required("calls", REFUSED_BY_VERIFIER, WORKS));

    object.load(polling.poller);

    assertThat(object.attempts()).isEqualTo(2);
  }

  @Test
  void setsTheConstantsOfTheWayThatHolds() throws Exception {
    object.set("only_tid", threadId());
    object.need(Need.required("calls", WORKS));
    leaveOutTheOthers();
    object.onEvent("seens", Seen.class, seen::add);
    object.load(polling.poller);

    KernelClock.start();
    object.detach();

    assertThat(seen).isNotEmpty().allSatisfy(s -> assertThat(s.by()).isEqualTo(34));
  }

  @Test
  void leavesProgramsOutThatThereIsNoUseForUnlessANeedAttachesThem() {
    List.of("refused", "missing", "nowhere", "visit", "works").forEach(object::leaveOut);
    object.need(Need.required("room", Way.by("hash"), Way.by("no key").map("impossible")));
    object.need(Need.required("calls", WORKS));

    object.load(polling.poller);

    assertThat(object.programs()).extracting(ProgramStatistics::name).containsExactly("works");
  }

  @Test
  void runsAnIteratorOnce() {
    leaveOutTheOthers();
    object.need(
        Need.required(
            "tasks", Way.by("iterator").attach("visit", Hook.iterator()).map("ordinary")));
    var visits = object.table("ordinary", Key.class);
    object.load(polling.poller);

    var n = new long[1];
    visits.forEach((key, value) -> n[0] = value);
    assertThat(n[0]).as("tasks on this machine").isGreaterThan(2);
  }

  @Test
  void leavesOutAnOptionalNeedThatCannotBeMet() {
    leaveOutTheOthers();
    object.need(Need.optional("luxury", NO_SUCH_FUNCTION));

    var plan = object.load(polling.poller);

    assertThat(plan.steps().getLast().holds()).isEmpty();
    assertThat(plan.steps().getLast().refusals()).hasSize(1);
  }

  @Test
  void saysEveryReasonWhenNoWayIsLeft() {
    leaveOutTheOthers();
    object.need(Need.required("calls", NO_SUCH_FUNCTION, NO_SUCH_TRACEPOINT));

    assertThatThrownBy(() -> object.load(polling.poller))
        .isInstanceOf(UnsupportedKernelException.class)
        .hasMessageContaining("load ways: no way left; calls by fentry: missing:")
        .hasMessageContaining("calls by tracepoint: nowhere:");
  }

  @Test
  void canBeLoadedAndClosedManyTimesWithoutAnythingLeftBehind() throws Exception {
    int before = descriptors();
    for (int i = 0; i < 5; i++) {
      try (var again = TestObjects.open("ways")) {
        again.need(Need.required("calls", NO_SUCH_FUNCTION, WORKS));
        again.need(
            Need.optional(
                "others",
                Way.by("x").attach("refused"),
                Way.by("y").attach("nowhere"),
                Way.by("nothing").map("impossible"),
                Way.by("z")));
        again.need(Need.optional("tasks", Way.by("iterator").attach("visit", Hook.iterator())));
        again.load(polling.poller);
      }
    }

    assertThat(descriptors()).isEqualTo(before);
  }

  // Programs that no need mentions must attach; these tests want only some of them.
  private void leaveOutTheOthers() {
    object.need(
        Need.optional(
            "left out",
            Way.by("nothing"),
            Way.by("all")
                .attach("refused")
                .attach("missing")
                .attach("nowhere")
                .attach("works")
                .attach("visit")
                .map("impossible")));
  }

  private static long threadId() throws Exception {
    return Long.parseLong(
        java.nio.file.Path.of("/proc/thread-self").toRealPath().getFileName().toString());
  }

  private static int descriptors() throws Exception {
    try (var files = java.nio.file.Files.list(java.nio.file.Path.of("/proc/self/fd"))) {
      return (int) files.count();
    }
  }
}
