package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who has a histogram in the kernel, where there is room for two.
class HistogramsOfMostIT {
  record Key(int which) {}

  private final TestObjects.Polling polling = new TestObjects.Polling();
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);
  private final BpfObject object = TestObjects.open("recorder");
  private final Table<Key, Histogram> ofMost =
      object.histogramsOfMost("of_most", Key.class, 2, clock::get);
  private final Table<Key, Histogram> ofOthers = object.histograms("of_others", Key.class);

  @BeforeEach
  void load() {
    // Only run by hand: attached it would fire for every system call of the machine.
    object.load(polling.poller, false);
  }

  @AfterEach
  void close() {
    object.close();
    polling.close();
  }

  @Test
  void changesHandsWhereOneOfTheOthersCallsMore() {
    call(0, 3);
    call(1, 5);
    call(2, 10);
    assertThat(readLater()).isEqualTo(Map.of(0, 3L, 1, 5L));

    call(0, 1);
    call(2, 2);
    assertThat(readLater()).as("the last one of who leaves").isEqualTo(Map.of(0, 3L, 1, 5L));

    call(0, 2);
    call(1, 1);
    call(2, 4);
    assertThat(readLater()).isEqualTo(Map.of(1, 6L, 2, 4L));

    assertThat(read(ofOthers).get(0)).isEqualTo(10 + 1 + 2 + 2);
  }

  @Test
  void goesOnWhereOneComesBack() {
    record(0, 7);
    record(0, 5000);
    call(1, 5);
    call(2, 10);
    readLater();
    readLater();

    call(0, 20);
    readLater();
    readLater();
    record(0, 3);
    record(0, 0);

    assertThat(readLater()).isEqualTo(Map.of(0, 4L, 2, 0L));
    var again = histograms().get(0);
    assertThat(again.sumNs()).isEqualTo(7 + 5000 + 3);
    assertThat(again.minNs()).isZero();
    assertThat(again.maxNs()).isEqualTo(5000);
    assertThat(again.zeros()).isEqualTo(1);
    assertThat(LongStream.of(again.buckets()).sum()).isEqualTo(3);
    assertThat(LongStream.of(again.buckets()).filter(n -> n > 0).count()).isEqualTo(3);
  }

  @Test
  void goesOnEachTimeThatOneComesBack() {
    call(0, 1);
    call(1, 3000);
    for (int turn = 1, calls = 4; turn <= 2; turn++, calls *= 25) {
      call(2, calls);
      assertThat(readLater()).containsEntry(0, (long) turn);
      assertThat(readLater()).containsEntry(0, (long) turn);
      call(0, calls * 5);
      assertThat(readLater()).containsKey(2).doesNotContainKey(0);
      readLater();
      call(0, 1);
      assertThat(readLater()).containsEntry(0, turn + 1L).doesNotContainKey(2);
    }
  }

  @Test
  void countsOneWhoCameBackWhileAnotherLeaves() {
    call(0, 2);
    call(1, 5);
    call(2, 10);
    readLater();
    readLater();
    call(0, 20);
    readLater();
    readLater();
    call(1, 100);
    assertThat(readLater()).isEqualTo(Map.of(0, 2L, 2, 0L));

    call(0, 1);

    assertThat(readLater()).isEqualTo(Map.of(0, 3L, 2, 0L));
    assertThat(readLater()).isEqualTo(Map.of(0, 3L, 1, 5L));
  }

  @Test
  void staysWithWhoCallsAlike() {
    call(0, 10);
    call(1, 11);
    call(2, 15);

    for (int i = 0; i < 5; i++) assertThat(readLater()).isEqualTo(Map.of(0, 10L, 1, 11L));
  }

  @Test
  void changesNoMoreThanOnceASecond() {
    call(0, 1);
    call(1, 1);
    readLater();
    call(2, 9);

    for (int i = 0; i < 5; i++) assertThat(read(ofMost)).isEqualTo(Map.of(0, 1L, 1, 1L));
  }

  @Test
  void leavesRoomToWhoComesWhereNobodyElseCalls() {
    call(0, 1);
    call(1, 9);
    call(2, 2);
    readLater();
    readLater();
    readLater();
    assertThat(readLater()).isEqualTo(Map.of(1, 9L, 2, 0L));

    call(2, 1);
    assertThat(readLater()).isEqualTo(Map.of(1, 9L, 2, 1L));
    assertThat(read(ofOthers).get(0)).isEqualTo(2);
  }

  private Map<Integer, Long> readLater() {
    clock.addAndGet(HistogramsOfMost.PAUSE.toNanos());
    return read(ofMost);
  }

  private static Map<Integer, Long> read(Table<Key, Histogram> table) {
    var counts = new HashMap<Integer, Long>();
    table.forEach((key, h) -> counts.put(key.which(), h.count()));
    return counts;
  }

  private Map<Integer, Histogram> histograms() {
    var all = new HashMap<Integer, Histogram>();
    ofMost.forEach((key, h) -> all.put(key.which(), h));
    return all;
  }

  private void call(int which, int times) {
    for (int i = 0; i < times; i++) record(which, 1000);
  }

  private void record(int which, long ns) {
    TestObjects.put(object, "request", 1, which);
    TestObjects.put(object, "request", 0, ns);
    TestObjects.run(object, "record");
  }
}
