package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Calls whose beginning and return are seen by two programs, `start.bpf.h`.
class CallsIT {
  private static final Way TASK_STORAGE =
      Way.by("task storage").map("starts_by_task").set("use_task_storage", 1);
  private static final Way HASH = Way.by("hash").map("starts_by_thread");

  private final TestObjects.Polling polling = new TestObjects.Polling();
  private final BpfObject object = TestObjects.open("calls");

  @AfterEach
  void close() {
    object.close();
    polling.close();
  }

  @Test
  void countsACallWhoseReturnWasMissed() {
    var plan = load(TASK_STORAGE, HASH);

    begin();
    begin();
    end();

    var map = plan.steps().getFirst().holds().orElseThrow().maps().getFirst();
    assertThat(object.maps())
        .filteredOn(m -> m.name().equals(map))
        .singleElement()
        .satisfies(m -> assertThat(m.missed()).isEqualTo(1))
        .satisfies(m -> assertThat(m.lost()).isZero());
  }

  @Test
  void countsACallThatThereIsNoRoomForOtherwise() {
    object.resize("starts_by_thread", 1);
    load(HASH, TASK_STORAGE);
    TestObjects.put(object, "starts_by_thread", 0, new byte[40]);

    begin();
    end();

    assertThat(object.maps())
        .filteredOn(m -> m.name().equals("starts_by_thread"))
        .singleElement()
        .satisfies(m -> assertThat(m.lost()).isEqualTo(1))
        .satisfies(m -> assertThat(m.missed()).isZero());
  }

  private AttachPlan load(Way... ways) {
    object.need(Need.required("start times", ways));
    return object.load(polling.poller, false);
  }

  private void begin() {
    TestObjects.run(object, "begin");
  }

  private void end() {
    TestObjects.run(object, "end");
  }
}
