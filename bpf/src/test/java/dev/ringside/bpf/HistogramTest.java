package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class HistogramTest {
  // b = floor(10^9 · 2^((i-239)/8)) means b^8 ≤ 10^72 · 2^(i-239) < (b+1)^8; no root is taken here.
  @Test
  void boundsAreExactlyTheWholeNanosecondsBelowTheTrueBounds() {
    for (int i = 0; Histogram.boundNs(i) < Long.MAX_VALUE; i++) {
      var bound = BigInteger.valueOf(Histogram.boundNs(i));
      var left = BigInteger.TEN.pow(72);
      var scale = BigInteger.ONE;
      if (i >= 239) left = left.shiftLeft(i - 239);
      else scale = scale.shiftLeft(239 - i);

      assertThat(bound.pow(8).multiply(scale)).as("bound %d", i).isLessThanOrEqualTo(left);
      assertThat(bound.add(BigInteger.ONE).pow(8).multiply(scale))
          .as("bound %d + 1", i)
          .isGreaterThan(left);
    }
  }

  @Test
  void aWholeSecondBelongsToTheBucketThatEndsThere() {
    assertThat(Histogram.boundNs(239)).isEqualTo(1_000_000_000L);
    assertThat(Histogram.boundNs(247)).isEqualTo(2_000_000_000L);
  }
}
