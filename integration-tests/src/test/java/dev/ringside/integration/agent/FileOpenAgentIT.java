package dev.ringside.integration.agent;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.ringside.integration.otlp.LogEvent;
import dev.ringside.integration.otlp.MetricPoint;
import dev.ringside.integration.registry.Conventions;
import dev.ringside.integration.workload.Truth;
import dev.ringside.integration.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every way of opening a file, as it arrives at a Collector, against what really happened.
@TestInstance(Lifecycle.PER_CLASS)
class FileOpenAgentIT {
  /// How well the kernel's clock and the wall clock are held together.
  private static final long CLOCK_NS = 1_000_000;

  private static final String FORM = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION";

  private final Map<Protocol, ObservedOpens> observed = new EnumMap<>(Protocol.class);

  /// One protocol each with one form of histograms.
  @BeforeAll
  void observe(@TempDir Path directory) throws Exception {
    Workload.letEverybodyEnter(directory);
    var exponential = Map.of(FORM, "base2_exponential_bucket_histogram");
    for (var protocol : Protocol.values())
      observed.put(
          protocol,
          ObservedOpens.over(
              protocol,
              Files.createDirectory(directory.resolve(protocol.name())),
              protocol == Protocol.GRPC ? exponential : Map.of()));
  }

  @ParameterizedTest
  @EnumSource
  void reportsEveryOpenOnce(Protocol protocol) {
    var seen = observed.get(protocol);

    assertThat(seen.logs())
        .extracting(OpenView::of)
        .containsExactlyInAnyOrderElementsOf(
            seen.truth().opens().stream().map(OpenView::of).toList());
  }

  @ParameterizedTest
  @EnumSource
  void reportsTheOpensOfAThreadInTheirOrderAndTheirTime(Protocol protocol) {
    var seen = observed.get(protocol);
    var events = seen.logs().stream().collect(groupingBy(l -> l.number("thread.id")));
    var opens = seen.truth().opens().stream().collect(groupingBy(Truth.Open::tid));

    opens.forEach((tid, ofThread) -> {
      var arrived = events.get((long) tid);
      for (int i = 0; i < ofThread.size(); i++) isPlausible(ofThread.get(i), arrived.get(i));
    });
  }

  private static void isPlausible(Truth.Open open, LogEvent event) {
    assertThat(OpenView.of(event)).isEqualTo(OpenView.of(open));
    assertThat(event.timeNs())
        .as(open.name())
        .isBetween(open.beforeNs() - CLOCK_NS, open.afterNs() + CLOCK_NS);
    double longestSeconds = (open.afterNs() - open.beforeNs()) / 1e9;
    assertThat((double) event.attributes().get("ringside.operation.duration"))
        .as(open.name())
        .isPositive()
        .isLessThanOrEqualTo(longestSeconds);
  }

  @ParameterizedTest
  @EnumSource
  void namesTheProgramAndItsUser(Protocol protocol) {
    assertThat(observed.get(protocol).logs())
        .allSatisfy(l -> {
          assertThat(l.text("process.executable.name")).isEqualTo("opens");
          assertThat(l.text("thread.name")).isEqualTo("opens");
          boolean isDenied = "EACCES".equals(l.attributes().get("error.type"));
          assertThat(l.number("process.user.id")).isEqualTo(isDenied ? 65534 : 0);
        });
  }

  @ParameterizedTest
  @EnumSource
  void putsEveryOpenIntoTheHistogram(Protocol protocol) {
    var seen = observed.get(protocol);
    var latest = Latest.of("ringside.file.open.duration", seen.points());
    var views = seen.truth().opens().stream().map(OpenView::of).toList();

    var errors = views.stream().collect(groupingBy(OpenView::error, HashMap::new, counting()));
    errors.merge("", 1L, Long::sum); // the marker
    assertThat(latest.countsBy("error.type")).isEqualTo(errors);
    var modes = views.stream().collect(groupingBy(OpenView::accessMode, HashMap::new, counting()));
    modes.merge("read", 1L, Long::sum);
    assertThat(latest.countsBy("ringside.file.access_mode")).isEqualTo(modes);
  }

  @Test
  void foldsHistogramsIntoExplicitBoundsByDefault() {
    var sums = durationsByError(observed.get(Protocol.HTTP).logs());

    for (var point : histograms(observed.get(Protocol.HTTP))) {
      var value = (MetricPoint.Explicit) point.value();
      assertThat(value.counts()).hasSize(value.bounds().size() + 1);
      assertThat(value.counts().stream().mapToLong(Long::longValue).sum()).isEqualTo(value.count());
      assertThat(value.min()).isPositive().isLessThanOrEqualTo(value.max());
    }
    // The events carry the same measurements, the marker's aside, which is a success.
    var histograms = sumsByError(observed.get(Protocol.HTTP));
    sums.forEach((error, sum) -> {
      if (!error.isEmpty())
        assertThat(histograms.get(error)).as(error).isEqualTo(sum, offset(1e-9));
    });
  }

  @Test
  void keepsHistogramsExponentialWhenAsked() {
    for (var point : histograms(observed.get(Protocol.GRPC))) {
      var value = (MetricPoint.Exponential) point.value();
      long counts = value.counts().stream().mapToLong(Long::longValue).sum();

      assertThat(counts + value.zeros()).isEqualTo(value.count());
      // The first bucket that is not empty holds the least value, the last one the greatest.
      double base = Math.pow(2, Math.pow(2, -value.scale()));
      int first = 0;
      while (value.counts().get(first) == 0) first++;
      assertThat(value.min())
          .isBetween(
              Math.pow(base, value.offset() + first), Math.pow(base, value.offset() + first + 1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void saysNothingThatTheRegistryDoesNotKnow(Protocol protocol) throws Exception {
    var seen = observed.get(protocol);

    assertThat(Conventions.read().complaintsAbout(seen.logs(), seen.points(), List.of())).isEmpty();
  }

  private static List<MetricPoint> histograms(ObservedOpens seen) {
    return List.copyOf(Latest.of("ringside.file.open.duration", seen.points()).series().values());
  }

  private static Map<String, Double> sumsByError(ObservedOpens seen) {
    var sums = new HashMap<String, Double>();
    for (var point : histograms(seen))
      sums.merge(
          (String) point.attributes().getOrDefault("error.type", ""),
          ((MetricPoint.Explicit) point.value()).sum(),
          Double::sum);
    return sums;
  }

  private static Map<String, Double> durationsByError(List<LogEvent> logs) {
    var sums = new HashMap<String, Double>();
    for (var log : logs)
      sums.merge(
          (String) log.attributes().getOrDefault("error.type", ""),
          (double) log.attributes().get("ringside.operation.duration"),
          Double::sum);
    return sums;
  }
}
