package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The kernel's histogram against an account kept in Java, on the same values.
class HistogramIT {
  record Key(int which) {}

  private final TestObjects.Polling polling = new TestObjects.Polling();
  private final BpfObject object = TestObjects.open("recorder");
  private final Table<Key, Histogram> durations = object.histograms("durations", Key.class);

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
  void putsEveryBoundaryAndItsNeighboursIntoTheRightBucket() {
    var values = new ArrayList<Long>();
    for (int i = 0; Histogram.boundNs(i) < Long.MAX_VALUE; i++) {
      long bound = Histogram.boundNs(i);
      for (long v = Math.max(1, bound - 1); v != bound + 2; v++) values.add(v);
    }

    record(0, values);

    assertHolds(0, values);
  }

  @Test
  void countsRandomValuesExactly() {
    long seed = System.nanoTime();
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    var values = new ArrayList<Long>();
    for (int i = 0; i < 5000; i++) values.add(anyMagnitude(random));

    record(0, values);

    assertHolds(0, values, "seed " + seed);
  }

  @Test
  void keepsKeysApart() {
    record(0, List.of(1L, 2L));
    record(1, List.of(3L));

    assertHolds(0, List.of(1L, 2L));
    assertHolds(1, List.of(3L));
  }

  @Test
  void countsAZeroInNoBucket() {
    record(0, List.of(0L, 0L, 5L));

    var h = read().get(0);
    assertThat(h.zeros()).isEqualTo(2);
    assertThat(h.count()).isEqualTo(3);
    assertThat(h.minNs()).isZero();
    assertThat(java.util.Arrays.stream(h.buckets()).sum()).isEqualTo(1);
  }

  @Test
  void countsWhatAFullMapCannotTake() {
    record(0, List.of(1L));
    record(1, List.of(1L));
    record(2, List.of(1L, 1L, 1L));

    assertThat(object.maps())
        .filteredOn(m -> m.name().equals("durations"))
        .singleElement()
        .satisfies(m -> {
          assertThat(m.entries()).isEqualTo(2);
          assertThat(m.maxEntries()).isEqualTo(2);
          assertThat(m.lost()).isEqualTo(3);
        });
  }

  private static long anyMagnitude(RandomGenerator random) {
    return Math.max(1, random.nextLong() >>> random.nextInt(1, 63));
  }

  private void record(int which, List<Long> values) {
    TestObjects.put(object, "request", 1, which);
    for (long value : values) {
      TestObjects.put(object, "request", 0, value);
      TestObjects.run(object, "record");
    }
  }

  private Map<Integer, Histogram> read() {
    var all = new HashMap<Integer, Histogram>();
    durations.forEach((key, h) -> all.put(key.which(), h));
    return all;
  }

  private void assertHolds(int which, List<Long> values, Object... about) {
    var buckets = new long[Histogram.BUCKETS];
    for (long v : values) {
      int i = 0;
      while (i < Histogram.BUCKETS - 1 && Histogram.boundNs(i) < v) i++;
      buckets[i]++;
    }
    var h = read().get(which);
    assertThat(h.buckets()).as(java.util.Arrays.toString(about)).isEqualTo(buckets);
    assertThat(h.count()).isEqualTo(values.size());
    assertThat(h.sumNs()).isEqualTo(values.stream().mapToLong(v -> v).sum());
    assertThat(h.minNs()).isEqualTo(values.stream().min(Long::compare).orElseThrow());
    assertThat(h.maxNs()).isEqualTo(values.stream().max(Long::compare).orElseThrow());
  }
}
