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

  @Test
  void valuesOfBitsBeginInTheBucketOfTheLeastNumberThatHasThem() {
    var first = Histogram.firstBuckets();

    for (int group = 1; group < 16; group++) {
      for (int bits = 0; bits < 256; bits++) {
        var least = BigInteger.valueOf(bits).shiftLeft(4 * group - 4);
        int bucket = 0;
        while (bucket < Histogram.BUCKETS - 1
            && BigInteger.valueOf(Histogram.boundNs(bucket)).compareTo(least) < 0) bucket++;

        assertThat(first[group << 8 | bits])
            .as("%d in group %d", bits, group)
            .isEqualTo((short) bucket);
      }
    }
    // Of the lowest group's eight bits four are beyond the point: 1 is 16, 15 is 240.
    assertThat(first[1]).isEqualTo(first[16]).isEqualTo((short) 0);
    assertThat(Histogram.boundNs(first[240])).isEqualTo(16);
    assertThat(Histogram.boundNs(first[240] - 1)).isLessThan(15);
  }
}
