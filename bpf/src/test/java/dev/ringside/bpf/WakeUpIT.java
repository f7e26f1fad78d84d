package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// When the polling thread is woken, and when it is left alone. Its own waits are so long that they
/// play no part: what is not woken is not done in time.
@Timeout(60)
class WakeUpIT {
  private static final Duration LONG = Duration.ofMinutes(2);

  /// An event takes 96 bytes, and the ring has 4096: so many may wait without a wake-up.
  private static final int LEFT = 10;

  private final Poller poller = new Poller(LONG, () -> {}, (ring, failure) -> {});
  private final BpfObject object = TestObjects.open("kinds");

  WakeUpIT() {
    object.onEvent("kinds", DecoderTest.Kinds.class, e -> {});
    poller.start();
    object.load(poller, false);
  }

  @AfterEach
  void close() {
    object.close();
    poller.close();
  }

  @Test
  void wakesForTheFirstEventAndLeavesTheNextOnesAlone() {
    long before = poller.wakeUps();

    TestObjects.run(object, "send");
    await(() -> poller.wakeUps() > before);
    for (int i = 0; i < 5; i++) TestObjects.run(object, "send");
    long woken = poller.wakeUps() - before;
    object.detach();

    assertThat(woken).isEqualTo(1);
    assertThat(object.rings().getFirst().handled()).isEqualTo(6);
  }

  @Test
  void takesWhatHasGatheredWhenAQuarterOfTheRingIsFull() {
    // A quarter is less than eleven events.
    for (int i = 0; i < 12; i++) TestObjects.run(object, "send");

    await(() -> object.rings().getFirst().handled() > LEFT);
  }

  @Test
  void wakesForTheFirstEventAfterEachTimeItHasReadAll() {
    for (int round = 1; round <= 100; round++) {
      long due = round * 12L;
      for (int i = 0; i < 12; i++) TestObjects.run(object, "send");
      await(() -> object.rings().getFirst().handled() >= due - LEFT);
    }

    object.detach();
    var ring = object.rings().getFirst();
    assertThat(ring.handled() + ring.lost()).isEqualTo(ring.produced()).isEqualTo(1200);
  }

  private static void await(BooleanSupplier done) {
    while (!done.getAsBoolean()) Thread.onSpinWait();
  }
}
