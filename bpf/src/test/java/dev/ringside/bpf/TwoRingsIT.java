package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Events of several rings, while they come.
class TwoRingsIT {
  record Moment(long time, int effect) {}

  private static final int TIMES = 20_000;

  private final TestObjects.Polling polling = new TestObjects.Polling();
  private final BpfObject object = TestObjects.open("two_rings");
  private final List<Moment> seen = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    object.close();
    polling.close();
  }

  @Test
  void handsOutCausesBeforeTheirEffects() {
    // The effects' ring is looked at first.
    object.onEvent("effects", Moment.class, seen::add);
    object.onEvent("causes", Moment.class, seen::add);
    object.load(polling.poller, false);

    for (int i = 0; i < TIMES; i++) TestObjects.run(object, "happen");
    object.detach();

    long lost = object.rings().stream().mapToLong(RingStatistics::lost).sum();
    assertThat(seen).hasSize((int) (2 * TIMES - lost));
    assertThat(seen).isSortedAccordingTo(java.util.Comparator.comparingLong(Moment::time));
  }
}
