package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The kernel's histogram, whole and in pieces, against an account kept in Java, on the same
/// values.
class HistogramIT {
  record Key(int which) {}

  private final TestObjects.Polling polling = new TestObjects.Polling();
  private final BpfObject object = TestObjects.open("recorder");
  private final Table<Key, Histogram> durations = object.histograms("durations", Key.class);
  private final Table<Key, Histogram> pieces = object.histograms("pieces", Key.class);

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

    for (var table : List.of(durations, pieces)) {
      var h = read(table).get(0);
      assertThat(h.zeros()).isEqualTo(2);
      assertThat(h.count()).isEqualTo(3);
      assertThat(h.minNs()).isZero();
      assertThat(java.util.Arrays.stream(h.buckets()).sum()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsTheHighestHundredthWithinFivePercent(Distribution distribution) {
    var random = new Random(99);
    var values = new ArrayList<Long>();
    for (int i = 0; i < 4000; i++) values.add(Math.round(distribution.ns.applyAsDouble(random)));

    record(0, values);

    Collections.sort(values);
    for (var table : List.of(durations, pieces)) {
      double read = atRank(3960, read(table).get(0));
      assertThat(read / values.get(3959)).isBetween(0.95, 1.05);
    }
  }

  private enum Distribution {
    UNIFORM(random -> 1_000 + 99_000 * random.nextDouble()),
    LOG_NORMAL(random -> 20_000 * Math.exp(random.nextGaussian())),
    BIMODAL(random ->
        (random.nextDouble() < 0.95 ? 2_000 : 5_000_000) * (1 + 0.1 * random.nextGaussian()));

    final ToDoubleFunction<Random> ns;

    Distribution(ToDoubleFunction<Random> ns) {
      this.ns = ns;
    }
  }

  /// The geometric middle of the bucket with the duration that so many are not above.
  private static double atRank(int rank, Histogram h) {
    long before = 0;
    int bucket = 0;
    while ((before += h.buckets()[bucket]) < rank) bucket++;
    return Math.sqrt((double) Histogram.boundNs(bucket - 1) * Histogram.boundNs(bucket));
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

  @Test
  void countsWhatThereIsNoRoomForInPieces() {
    var octaves = new ArrayList<Long>();
    for (int i = 8; Histogram.boundNs(i) < Long.MAX_VALUE; i += 8)
      octaves.add(Histogram.boundNs(i));

    for (int which = 0; which < 3; which++) record(which, octaves);

    assertThat(object.maps())
        .filteredOn(m -> m.name().equals("pieces"))
        .singleElement()
        .satisfies(m -> {
          assertThat(m.entries()).isEqualTo(130);
          assertThat(m.lost()).isEqualTo(3L * octaves.size() - 130);
        });
    long seen = read(pieces).values().stream().mapToLong(Histogram::count).sum();
    assertThat(seen).isEqualTo(130);
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

  private static Map<Integer, Histogram> read(Table<Key, Histogram> table) {
    var all = new HashMap<Integer, Histogram>();
    table.forEach((key, h) -> all.put(key.which(), h));
    return all;
  }

  private void assertHolds(int which, List<Long> values, Object... about) {
    var buckets = new long[Histogram.BUCKETS];
    for (long v : values) {
      int i = 0;
      while (i < Histogram.BUCKETS - 1 && Histogram.boundNs(i) < v) i++;
      buckets[i]++;
    }
    for (var table : List.of(durations, pieces)) {
      var h = read(table).get(which);
      assertThat(h.buckets()).as(java.util.Arrays.toString(about)).isEqualTo(buckets);
      assertThat(h.count()).isEqualTo(values.size());
      assertThat(h.sumNs()).isEqualTo(values.stream().mapToLong(v -> v).sum());
      assertThat(h.minNs()).isEqualTo(values.stream().min(Long::compare).orElseThrow());
      assertThat(h.maxNs()).isEqualTo(values.stream().max(Long::compare).orElseThrow());
    }
  }
}
