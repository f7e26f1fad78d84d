package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Calls whose return nobody tells are found by the frames of others, `kernel_frames.bpf.h`.
class KernelFramesIT {
  record Returned(long function) {}

  private static final Way TASK_STORAGE =
      Way.by("task storage").map("calls_by_task").set("use_task_storage", 1);
  private static final Way HASH = Way.by("hash").map("calls_by_thread");

  private final TestObjects.Polling polling = new TestObjects.Polling();

  @AfterEach
  void close() {
    polling.close();
  }

  /// A thread's calls, in order: `>` enters and `<` leaves.
  @ParameterizedTest
  @CsvSource({
    "nested, >outer >inner <inner <outer, 2, 0",
    "a return that was left out and a call above it, >inner >outer <outer, 1, 1",
    "the same function once more, >inner >inner <inner, 1, 1",
    "a return that was left out below one that came, >outer >inner <outer, 1, 1",
    "a function that ends by jumping to another one, >outer >jumped <jumped <outer, 2, 0",
    "an interrupt, >inner >interrupt <interrupt <inner, 2, 0",
    "a call after an interrupt, >interrupt <interrupt >outer >inner <inner <outer, 3, 0",
    "a call at a trampoline below, >plainly >inner <inner <outer, 2, 0",
    "a thread that ends, >outer end, 0, 1",
    "a thread that ends after an interrupt and a call, >outer >interrupt >inner end, 0, 3",
    "a thread that ends in a call at a trampoline, >plainly >inner end, 0, 1",
    "what was counted is forgotten, >inner end end, 0, 1",
  })
  void countsWhatDidNotReturn(String what, String calls, int returned, long missed) {
    assertCounts(calls, returned, missed, TASK_STORAGE, HASH);
    assertCounts(calls, returned, missed, HASH, TASK_STORAGE);
  }

  private void assertCounts(String calls, int returned, long missed, Way... ways) {
    try (var object = TestObjects.open("kernel_frames")) {
      object.need(Need.required("calls", ways));
      var plan = object.load(polling.poller, false);

      Stream.of(calls.split(" "))
          .map(KernelFramesIT::program)
          .forEach(program -> TestObjects.run(object, program));

      var counts = new ArrayList<Long>();
      object.table("returns", Returned.class).forEach((function, count) -> counts.add(count));
      assertThat(counts).as("%s", plan).hasSize(returned).allMatch(count -> count == 1);
      assertThat(object.maps().stream().mapToLong(MapStatistics::missed).sum())
          .as("%s", plan)
          .isEqualTo(missed);
    }
  }

  private static String program(String step) {
    return switch (step.charAt(0)) {
      case '>' -> "enter_" + step.substring(1);
      case '<' -> "leave_" + step.substring(1);
      default -> "thread_ends";
    };
  }
}
