package dev.ringside.bpf;

import static dev.ringside.bpf.TestCalls.function;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.bpf.FunctionWay.Kind;
import dev.ringside.bpf.KernelFunction.Returned;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Calls that are known by their trampolines' frames, `trampoline_calls.bpf.h`, where it gets
/// awkward.
class FramesIT {
  enum Fate {
    AT_ITS_FRAME,
    ELSEWHERE,
    RETURNED
  }

  record FrameKey(int function, int fate) {}

  private static final int LEFT_OUT = 0x4c656674;

  /// Of as many a thread remembers at once where there are no frames.
  private static final int WITHOUT_RETURN = 16;

  /// A system call begins at one of 64 places of its stack, by chance.
  private static final int CALLS = 5000;

  private static final int SLEEPERS = 4;

  private final TestObjects.Polling polling = new TestObjects.Polling();
  private final Map<FrameKey, Long> counts = new HashMap<>();
  private BpfObject object;

  @AfterEach
  void close() {
    object.close();
    polling.close();
  }

  @Test
  void countsEachCallOnceWhoseReturnIsLeftOut() {
    object = TestObjects.open("frames");
    object.set("only_pid", ProcessHandle.current().pid());
    watch(function("ksys_fadvise64_64", 4, Returned.SIGNED_32));

    for (int i = 0; i < WITHOUT_RETURN; i++) TestCalls.adviseOnNothing(LEFT_OUT);
    for (int i = 0; i < CALLS; i++) TestCalls.adviseOnNothing(0);
    read();

    assertThat(missed()).isEqualTo(WITHOUT_RETURN);
    assertThat(count(0, Fate.RETURNED)).isEqualTo(CALLS);
    long all = WITHOUT_RETURN + CALLS;
    assertThat(count(0, Fate.AT_ITS_FRAME)).isEqualTo(AtomicExchange.isInThisKernel() ? all : 0);
  }

  @Test
  void countsEachCallOnceThoughTheirFramesSharePlaces() throws Exception {
    object = TestObjects.open("crowded_frames");
    object.set("only_command", "sleep".getBytes());
    watch(
        function("hrtimer_nanosleep", 3, Returned.SIGNED_64),
        function("do_nanosleep", 2, Returned.SIGNED_32));

    var sleepers = new ArrayList<Process>();
    for (int i = 0; i < SLEEPERS; i++) sleepers.add(new ProcessBuilder("sleep", "2").start());
    for (var sleeper : sleepers) assertThat(sleeper.waitFor()).isZero();
    read();

    assertThat(missed()).isZero();
    for (int function = 0; function < 2; function++) {
      assertThat(count(function, Fate.RETURNED)).isEqualTo(SLEEPERS);
    }
    // Of eight frames at once, two have a place.
    long atTheirFrames = count(0, Fate.AT_ITS_FRAME) + count(1, Fate.AT_ITS_FRAME);
    assertThat(atTheirFrames + count(0, Fate.ELSEWHERE) + count(1, Fate.ELSEWHERE))
        .isEqualTo(2 * SLEEPERS);
    assertThat(count(0, Fate.ELSEWHERE) + count(1, Fate.ELSEWHERE)).isPositive();
    if (AtomicExchange.isInThisKernel()) assertThat(atTheirFrames).isPositive();
    else assertThat(atTheirFrames).isZero();
  }

  private void watch(KernelFunction... functions) {
    object.set("filtered", 1);
    object.need(
        Need.required(
            "start times",
            Way.by("task storage").map("calls_by_task").set("use_task_storage", 1),
            Way.by("hash").map("calls_by_thread")));
    var way = new FunctionWay(Kind.TRAMPOLINE, "on_enter", "on_return", "");
    object.need(new FunctionsNeed(List.of(functions), List.of(way), Map.of()));
    try {
      object.load(polling.poller);
    } catch (UnsupportedKernelException e) {
      assumeTrue(false, "this kernel watches no functions by fentry/fexit: " + e.getMessage());
    }
  }

  private void read() {
    object.detach();
    object.table("frame_counts", FrameKey.class).forEach(counts::put);
  }

  private long missed() {
    return object.maps().stream().mapToLong(MapStatistics::missed).sum();
  }

  private long count(int function, Fate fate) {
    return counts.getOrDefault(new FrameKey(function, fate.ordinal()), 0L);
  }
}
