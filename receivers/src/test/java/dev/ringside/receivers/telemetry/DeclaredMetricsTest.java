package dev.ringside.receivers.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeclaredMetricsTest {
  private static final Resource HOST =
      Resource.create(Attributes.of(AttributeKey.stringKey("host.name"), "observed"));
  private static final Attributes ENOENT = Attributes.of(Keys.ERROR_TYPE, "ENOENT");

  private final DirectTelemetry direct =
      DirectTelemetry.builder().clock(new BootClock()).host(HOST).cardinalityLimit(3).build();
  private final Telemetry telemetry = direct.receiver("process_exec", "1");

  @Test
  void addsUpPointsWithEqualAttributes() {
    telemetry.counter(
        Metrics.PROCESS_EXECS,
        points -> {
          points.add(ENOENT, 1);
          points.add(Attributes.empty(), 10);
          points.add(Attributes.of(Keys.ERROR_TYPE, "ENOENT"), 2);
        });

    var execs = read().getFirst();

    assertThat(execs.getLongSumData().isMonotonic()).isTrue();
    assertThat(execs.getLongSumData().getAggregationTemporality())
        .isEqualTo(AggregationTemporality.CUMULATIVE);
    assertThat(execs.getLongSumData().getPoints())
        .extracting(LongPointData::getAttributes, LongPointData::getValue)
        .containsExactlyInAnyOrder(tuple(ENOENT, 3L), tuple(Attributes.empty(), 10L));
  }

  @Test
  void mergesHistogramsWithEqualAttributes() {
    telemetry.histogram(
        Metrics.FILE_OPEN_DURATION,
        points -> {
          points.add(ENOENT, KernelHistograms.of(1000, 0));
          points.add(ENOENT, KernelHistograms.of(5_000_000_000L));
        });

    var durations = read(new HistogramForm.Exponential(160)).getFirst();

    var point = durations.getExponentialHistogramData().getPoints().iterator().next();
    assertThat(point.getCount()).isEqualTo(3);
    assertThat(point.getZeroCount()).isEqualTo(1);
    assertThat(point.getSum()).isEqualTo(5.000001);
    assertThat(point.getMin()).isZero();
    assertThat(point.getMax()).isEqualTo(5.0);
  }

  @Test
  void readsTheSameAgain() {
    telemetry.counter(Metrics.PROCESS_EXECS, points -> points.add(ENOENT, 7));

    var first = read().getFirst();
    var second = read().getFirst();

    assertThat(values(first)).isEqualTo(values(second)).containsExactly(7L);
    assertThat(start(first)).isEqualTo(start(second));
  }

  @Test
  void countsFromWhenTheMetricWasDeclared() {
    long before = ObservedTime.unixNanos();
    telemetry.counter(Metrics.PROCESS_EXECS, points -> points.add(ENOENT, 7));
    long after = ObservedTime.unixNanos();

    var execs = read().getFirst();

    assertThat(start(execs)).isBetween(before, after);
  }

  @Test
  void foldsWhatExceedsTheLimitIntoTheOverflow() {
    telemetry.counter(
        Metrics.PROCESS_EXECS,
        points -> {
          for (int i = 1; i <= 5; i++) points.add(numbered(i), i);
        });

    var execs = read().getFirst();

    var overflow = Attributes.of(AttributeKey.booleanKey("otel.metric.overflow"), true);
    assertThat(execs.getLongSumData().getPoints())
        .extracting(LongPointData::getAttributes, LongPointData::getValue)
        .containsExactlyInAnyOrder(
            tuple(numbered(1), 1L), tuple(numbered(2), 2L), tuple(overflow, 3L + 4 + 5));
  }

  @Test
  void seriesThatAreOverMakeRoom() {
    var present = new AtomicInteger();
    telemetry.counter(
        Metrics.PROCESS_EXECS, points -> points.add(numbered(present.get()), present.get()));

    for (int i = 1; i < 9; i++) {
      present.set(i);
      assertThat(read().getFirst().getLongSumData().getPoints())
          .singleElement()
          .extracting(LongPointData::getAttributes)
          .isEqualTo(numbered(i));
    }
  }

  @Test
  void tenThousandPathsStayWithinTheBoundAndAreCounted() {
    var unbounded = DirectTelemetry.builder().clock(new BootClock()).host(HOST).build();
    var receiver = unbounded.receiver("r", "1");
    var begin = new AtomicInteger();
    receiver.counter(
        Metrics.PROCESS_EXECS,
        points -> {
          for (int i = 0; i < 12_000; i++) {
            var path = "/tmp/" + (begin.get() + i);
            points.add(Attributes.of(Keys.FILE_PATH, path, Keys.PROCESS_COMMAND, path), 1);
          }
        });

    unbounded.metrics(HistogramForm.DEFAULT).produce(Resource.empty());
    begin.set(100_000);
    var metrics = unbounded.metrics(HistogramForm.DEFAULT).produce(Resource.empty());

    var points = metrics.iterator().next().getLongSumData().getPoints();
    assertThat(points).hasSize(1); // those of before are gone, and all others are folded
    assertThat(points.iterator().next().getAttributes()).isEqualTo(Cardinality.OVERFLOW);
    assertThat(points.iterator().next().getValue()).isEqualTo(12_000);
    assertThat(unbounded.statistics().getFirst().overflowing()).isEqualTo(12_000);
  }

  @Test
  void theLimitIsThatOfTheSdk() {
    var unbounded = DirectTelemetry.builder().clock(new BootClock()).host(HOST).build();
    unbounded
        .receiver("r", "1")
        .histogram(
            Metrics.FILE_OPEN_DURATION,
            points -> {
              for (int i = 0; i < 10_000; i++) points.add(numbered(i), KernelHistograms.of(1000));
            });

    var metrics = unbounded.metrics(HistogramForm.DEFAULT).produce(Resource.empty());

    var points = metrics.iterator().next().getHistogramData().getPoints();
    assertThat(points).hasSize(2000);
    assertThat(points.stream().mapToLong(HistogramPointData::getCount).sum()).isEqualTo(10_000);
    assertThat(
            points.stream()
                .filter(p -> p.getAttributes().equals(Cardinality.OVERFLOW))
                .map(HistogramPointData::getCount))
        .containsExactly(8_001L);
    assertThat(unbounded.statistics().getFirst().overflowing()).isEqualTo(8_001);
  }

  @Test
  void keepsTheSameSeriesWhenTheKernelListsThemInAnotherOrder() {
    var order = new ArrayList<>(List.of(1, 2, 3, 4));
    telemetry.counter(
        Metrics.PROCESS_EXECS, points -> order.forEach(i -> points.add(numbered(i), i)));
    var first = read().getFirst();

    order.sort(Comparator.reverseOrder());
    var second = read().getFirst();

    assertThat(values(second)).containsExactlyInAnyOrderElementsOf(values(first));
    assertThat(values(second)).containsExactlyInAnyOrder(1L, 2L, 7L);
  }

  @Test
  void leavesOutAndCountsAReadThatThrows() {
    telemetry.counter(
        Metrics.PROCESS_EXECS,
        points -> {
          points.add(ENOENT, 1);
          throw new IllegalStateException("map is gone");
        });
    telemetry.counter(Metrics.SYSTEM_PROCESS_CREATED, points -> points.add(Attributes.empty(), 2));

    var metrics = read();

    assertThat(metrics).extracting(MetricData::getName).containsExactly("system.process.created");
    assertThat(direct.statistics().getFirst().failedReads()).isEqualTo(1);
  }

  @Test
  void leavesOutAMetricWithoutPoints() {
    telemetry.counter(Metrics.PROCESS_EXECS, points -> {});

    assertThat(read()).isEmpty();
  }

  @Test
  void refusesACounterThatTheRegistryCallsAHistogram() {
    assertThatThrownBy(() -> telemetry.counter(Metrics.FILE_OPEN_DURATION, points -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ringside.file.open.duration")
        .hasMessageContaining("the registry says histogram in s");
  }

  @Test
  void tellsOfTheHostWhileSelfTelemetryTellsOfTheAgent() {
    var agent = Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "ringside"));
    telemetry.counter(Metrics.PROCESS_EXECS, points -> points.add(ENOENT, 1));
    var self = new SelfTelemetry(agent, "1", List::of, direct::statistics);
    var reader = InMemoryMetricReader.create();
    SdkMeterProvider.builder()
        .registerMetricProducer(direct.metrics(HistogramForm.DEFAULT))
        .registerMetricProducer(self)
        .registerMetricReader(reader)
        .build();

    var metrics = reader.collectAllMetrics();

    assertThat(resourceOf(metrics, "ringside.process.execs")).isEqualTo(HOST);
    assertThat(resourceOf(metrics, "ringside.receiver.record.exported")).isEqualTo(agent);
  }

  private List<MetricData> read() {
    return read(HistogramForm.DEFAULT);
  }

  private List<MetricData> read(HistogramForm form) {
    return List.copyOf(direct.metrics(form).produce(Resource.empty()));
  }

  private static Attributes numbered(long i) {
    return Attributes.of(AttributeKey.longKey("number"), i);
  }

  private static List<Long> values(MetricData metric) {
    return metric.getLongSumData().getPoints().stream().map(LongPointData::getValue).toList();
  }

  private static long start(MetricData metric) {
    return metric.getData().getPoints().iterator().next().getStartEpochNanos();
  }

  private static Resource resourceOf(Collection<MetricData> metrics, String name) {
    return metrics.stream().filter(m -> m.getName().equals(name)).findFirst().get().getResource();
  }
}
