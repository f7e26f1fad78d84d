package dev.ringside.semconv;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is not ours is used as OpenTelemetry defines it.
class UpstreamTest {
  private final Upstream upstream = Upstream.read();

  @Test
  void attributesHaveOpenTelemetrysTypes() {
    var foreign =
        Keys.ALL.stream()
            .filter(k -> !k.getKey().startsWith("ringside."))
            .collect(toMap(AttributeKey::getKey, Types::of));

    assertThat(upstream.types()).containsAllEntriesOf(foreign);
  }

  @Test
  void metricsHaveOpenTelemetrysNameUnitAndBrief() {
    var foreign = Metrics.ALL.stream().filter(m -> !m.name().startsWith("ringside.")).toList();

    assertThat(foreign)
        .isNotEmpty()
        .allSatisfy(m ->
            assertThat(List.of(m.name(), m.unit(), m.description()))
                .isEqualTo(upstream.metric(m.name())));
  }

  @Test
  void oursDoNotTakeANameOfOpenTelemetrys() {
    assertThat(Model.read().attributes().keySet())
        .doesNotContainAnyElementsOf(upstream.types().keySet());
  }
}
