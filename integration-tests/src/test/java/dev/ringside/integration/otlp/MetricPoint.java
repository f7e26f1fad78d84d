package dev.ringside.integration.otlp;

import java.util.List;
import java.util.Map;

/// One data point of a metric as it arrived.
///
/// @param instrument `counter`, `updowncounter`, `gauge` or `histogram`, as the registry calls them
/// @param cumulative whether it counts since `startNs`, or else since the last point
public record MetricPoint(
    Origin origin,
    String name,
    String description,
    String unit,
    String instrument,
    boolean cumulative,
    Map<String, Object> attributes,
    long startNs,
    long timeNs,
    Value value) {

  /// What was measured.
  public sealed interface Value {}

  public record Whole(long value) implements Value {}

  public record Real(double value) implements Value {}

  /// A histogram with explicit bounds; bucket `i` is (`bounds[i-1]`, `bounds[i]`].
  public record Explicit(
      long count, double sum, double min, double max, List<Double> bounds, List<Long> counts)
      implements Value {}

  /// An exponential histogram; `counts[0]` is the bucket with index `offset`.
  public record Exponential(
      long count,
      double sum,
      double min,
      double max,
      int scale,
      long zeros,
      int offset,
      List<Long> counts)
      implements Value {}

  /// The value of a counter, as a whole number.
  public long whole() {
    if (value instanceof Whole(long whole)) return whole;
    throw new AssertionError(name + " is not a whole number: " + value);
  }

  /// How many measurements a histogram of either kind holds.
  public long count() {
    return switch (value) {
      case Explicit e -> e.count();
      case Exponential e -> e.count();
      case Whole _, Real _ -> throw new AssertionError(name + " is not a histogram: " + value);
    };
  }
}
