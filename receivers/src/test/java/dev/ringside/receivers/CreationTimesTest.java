package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CreationTimesTest {
  private final CreationTimes times = new CreationTimes();

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        -1,
        999_999_999,
        1_000_000_000,
        4_120_000_000L,
        4_000_001_000L,
        4_000_000_010L,
        59_999_000_000L,
        1_790_000_000_010_000_000L
      })
  void saysWhatInstantSays(long epochNs) {
    assertThat(times.text(epochNs)).isEqualTo(Instant.EPOCH.plusNanos(epochNs).toString());
  }

  @Test
  void saysSoInAnyOrder() {
    var random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      long near = 1_790_000_000_000_000_000L + random.nextLong(3_000) * 1_000_000;
      assertThat(times.text(near)).isEqualTo(Instant.EPOCH.plusNanos(near).toString());
    }
  }
}
