package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Events from a real ring.
class RingIT {
  private final TestObjects.Polling polling = new TestObjects.Polling();
  private final BpfObject object = TestObjects.open("kinds");
  private final List<DecoderTest.Kinds> seen = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    object.close();
    polling.close();
  }

  private void load() {
    // Loaded, but only run by hand: attached they would fire for every system call of the machine.
    object.load(polling.poller, false);
  }

  @Test
  void carriesEveryKindOfField() {
    object.set("set_number", -5);
    object.set("set_big", Long.MIN_VALUE + 1);
    object.set("set_name", "ring".getBytes());
    object.onEvent("kinds", DecoderTest.Kinds.class, seen::add);
    load();

    TestObjects.run(object, "send");
    object.detach();

    assertThat(seen)
        .containsExactly(
            new DecoderTest.Kinds(
                1,
                Long.MIN_VALUE + 1,
                0xfffffffeL,
                -5,
                65535,
                -2,
                255,
                true,
                "ring",
                new DecoderTest.Inner(7, "c"),
                Text.of("abc"),
                new Text("de".getBytes(), true)));
  }

  @Test
  void keepsTheOrderAroundTheRingsEnd() {
    object.onEvent("kinds", DecoderTest.Kinds.class, seen::add);
    load();

    for (int i = 0; i < 500; i++) {
      TestObjects.run(object, "send");
      if (i % 10 == 0) awaitHandled(i + 1);
    }
    object.detach();

    assertThat(seen).hasSize(500).allSatisfy(e -> assertThat(e.text()).isEqualTo(Text.of("abc")));
  }

  @Test
  void accountsForEveryEventOfAnOverflowingRing() {
    var release = new CountDownLatch(1);
    object.onEvent(
        "kinds",
        DecoderTest.Kinds.class,
        e -> {
          await(release);
          seen.add(e);
        });
    load();

    for (int i = 0; i < 1000; i++) TestObjects.run(object, "send");
    release.countDown();
    object.detach();

    var ring = object.rings().getFirst();
    assertThat(ring.produced()).isEqualTo(1000);
    assertThat(ring.lost()).isPositive();
    assertThat(ring.handled()).isEqualTo(seen.size());
    assertThat(ring.handled() + ring.lost()).isEqualTo(ring.produced());
  }

  @Test
  void countsAHandlerThatThrowsAndGoesOn() {
    object.onEvent(
        "kinds",
        DecoderTest.Kinds.class,
        e -> {
          seen.add(e);
          if (seen.size() == 2) throw new IllegalStateException("the second one");
        });
    load();

    for (int i = 0; i < 3; i++) TestObjects.run(object, "send");
    object.detach();

    assertThat(seen).hasSize(3);
    assertThat(object.rings().getFirst().failed()).isEqualTo(1);
    assertThat(polling.failures)
        .singleElement()
        .satisfies(f -> assertThat(f).hasMessage("the second one"));
  }

  @Test
  void neverReadsOutsideAnEvent() {
    object.onEvent("kinds", DecoderTest.Kinds.class, seen::add);
    load();

    TestObjects.run(object, "send_broken");
    TestObjects.run(object, "send");
    object.detach();

    assertThat(seen).hasSize(1);
    assertThat(polling.failures)
        .singleElement()
        .satisfies(f -> assertThat(f).hasMessageContaining("a text of 400 bytes at 4294967280"));
  }

  @Test
  void readsAMapInBatches() {
    var sums = object.table("sums", DecoderTest.Inner.class);
    load();

    TestObjects.run(object, "fill");

    var rows = new java.util.TreeMap<Integer, Long>();
    sums.forEach((key, value) -> rows.merge(key.pid(), value, Long::sum));
    assertThat(rows).hasSize(150);
    assertThat(rows).allSatisfy((pid, value) -> assertThat(value).isEqualTo((long) pid));
    assertThat(object.maps())
        .filteredOn(m -> m.name().equals("sums"))
        .extracting(MapStatistics::entries)
        .containsExactly(150L);
  }

  private void awaitHandled(int n) {
    while (object.rings().getFirst().handled() < n) Thread.onSpinWait();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
