package dev.ringside.config.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantileTest {
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.5, 0.9, 0.99, 0.999, 1})
  void isAsNearToTheTrueOneAsBucketsAre(double share) {
    var random = new Random(7);
    var values = random.doubles(10_000).map(u -> 1e-6 * Math.exp(8 * u)).toArray();
    var sorted = Arrays.stream(values).sorted().toArray();

    double quantile = Quantile.of(share, recorded(values));

    // 160 buckets over 3.5 decades.
    assertThat(quantile)
        .isCloseTo(sorted[(int) Math.ceil(share * 10_000) - 1], withinPercentage(4.5));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 1})
  void isTheValueWhereThereIsOnlyOne(double share) {
    assertThat(Quantile.of(share, recorded(0.003))).isEqualTo(0.003);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.25, 0.75})
  void isNothingForTheShareThatIsZero(double share) {
    double quantile = Quantile.of(share, recorded(0, 0, 5, 5));

    assertThat(quantile).isEqualTo(share < 0.5 ? 0 : 5);
  }

  private static ExponentialHistogramPointData recorded(double... values) {
    var reader = InMemoryMetricReader.create();
    try (var provider =
        SdkMeterProvider.builder()
            .registerMetricReader(reader)
            .registerView(
                InstrumentSelector.builder().setName("*").build(),
                View.builder()
                    .setAggregation(Aggregation.base2ExponentialBucketHistogram())
                    .build())
            .build()) {
      var histogram = provider.get("test").histogramBuilder("values").build();
      DoubleStream.of(values).forEach(histogram::record);
      return reader
          .collectAllMetrics()
          .iterator()
          .next()
          .getExponentialHistogramData()
          .getPoints()
          .iterator()
          .next();
    }
  }
}
