package dev.ringside.semconv;

import static dev.ringside.semconv.Model.Kind.EVENT;
import static dev.ringside.semconv.Model.Kind.METRIC;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The rules of OpenTelemetry's naming, metrics and events guidelines that a machine can check.
class NamesTest {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*([._][a-z0-9]+)*");
  private static final Pattern UNIT = Pattern.compile("s|By|1|\\{[a-z]+(_[a-z]+)*}");

  // Whatever takes a new value with every process, thread or file has no place on a metric.
  private static final Set<String> UNBOUNDED =
      Set.of("process.pid", "process.creation.time", "thread.id", "thread.name", "file.path");

  private final Model model = Model.read();

  @Test
  void namesAreLowerCaseWithDotsAndUnderscores() {
    assertThat(model.attributes().keySet()).allSatisfy(k -> assertThat(k).matches(NAME));
    assertThat(model.signals()).allSatisfy(s -> assertThat(s.name()).matches(NAME));
  }

  @Test
  void namesOfOurOwnLieBelowRingside() {
    assertThat(model.attributes().keySet()).allSatisfy(k -> assertThat(k).startsWith("ringside."));
    assertThat(model.signals())
        .filteredOn(s -> !s.upstream())
        .allSatisfy(s -> assertThat(s.name()).startsWith("ringside."));
  }

  @Test
  void noTwoSignalsOfAKindShareAName() {
    var seen = new HashSet<String>();
    assertThat(model.signals()).allSatisfy(s -> assertThat(seen.add(s.kind() + s.name())).isTrue());
  }

  @Test
  void unitsAreUcum() {
    assertThat(Metrics.ALL).allSatisfy(m -> assertThat(m.unit()).matches(UNIT));
  }

  @Test
  void countersDoNotSayTotal() {
    assertThat(Metrics.ALL).allSatisfy(m -> assertThat(m.name()).doesNotContain("total"));
  }

  @Test
  void durationsAreHistogramsInSeconds() {
    assertThat(Metrics.ALL)
        .filteredOn(m -> m.name().endsWith(".duration"))
        .allSatisfy(
            m -> assertThat(List.of(m.instrument(), m.unit())).containsExactly("histogram", "s"))
        .isNotEmpty();
  }

  @Test
  void metricsCarryNothingUnboundedUnlessAskedFor() {
    for (var metric : model.signals(METRIC)) {
      metric
          .attributes()
          .forEach((key, use) -> {
            if (UNBOUNDED.contains(key)) assertThat(use.level()).as(key).isEqualTo(Level.OPT_IN);
          });
    }
  }

  @Test
  void eventsHaveASeverityOfOpenTelemetry() {
    assertThat(model.signals(EVENT))
        .allSatisfy(
            e -> assertThat((Integer) e.ringside().get("severity")).isIn(1, 5, 9, 13, 17, 21));
  }

  @Test
  void aFileOfTheRegistryHoldsTheSignalsOfItsReceiver() {
    assertThat(model.signals())
        .allSatisfy(
            s -> assertThat(Files.exists(Path.of("model", s.receiver() + ".yaml"))).isTrue());
  }
}
