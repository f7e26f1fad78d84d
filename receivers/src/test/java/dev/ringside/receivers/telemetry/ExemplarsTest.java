package dev.ringside.receivers.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExemplarsTest {
  private static final Attributes READ = Attributes.of(AttributeKey.stringKey("call"), "read");
  private static final Attributes WRITE = Attributes.of(AttributeKey.stringKey("call"), "write");
  private static final long NOW = BootClock.BOOT_UNIX_NS;

  private final Exemplars exemplars = new Exemplars(2);

  @Test
  void theNewestTakeThePlaceOfTheOldest() {
    for (int i = 1; i <= Exemplars.PER_SERIES + 2; i++) exemplars.add(READ, at(NOW + i));
    exemplars.add(WRITE, at(NOW));

    assertThat(times(READ)).containsExactly(NOW + 3, NOW + 4, NOW + 5, NOW + 6);
    assertThat(times(WRITE)).containsExactly(NOW);
  }

  @Test
  void whoReadsTakesNoneAway() {
    exemplars.add(READ, at(NOW));

    times(READ);

    assertThat(times(READ)).containsExactly(NOW);
  }

  @Test
  void theyAreForgottenAfterAWhile() {
    long old = NOW - Exemplars.KEPT.toNanos();
    exemplars.add(READ, at(old - 1));
    exemplars.add(READ, at(old));
    exemplars.add(WRITE, at(old - 1));

    assertThat(times(READ)).containsExactly(old);
    assertThat(times(WRITE)).isEmpty();
  }

  @Test
  void soManySeriesHaveThemAndNoMore() {
    exemplars.add(READ, at(NOW));
    exemplars.add(WRITE, at(NOW));
    exemplars.add(Attributes.empty(), at(NOW));

    assertThat(times(Attributes.empty())).isEmpty();
  }

  private List<Long> times(Attributes series) {
    return exemplars.of(series, NOW).stream().map(DoubleExemplarData::getEpochNanos).toList();
  }

  private static DoubleExemplarData at(long unixNs) {
    return DoubleExemplarData.create(Attributes.empty(), unixNs, SpanContext.getInvalid(), 1);
  }
}
