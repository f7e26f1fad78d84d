package dev.ringside.integration.benchmark;

import java.util.Arrays;
import java.util.Collection;

/// What repeated measurements of one thing gave.
///
/// @param times how often it was measured
public record Spread(double min, double median, double max, int times) {

  public static Spread of(double... values) {
    if (values.length == 0) throw new IllegalArgumentException("nothing was measured");
    var sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(sorted[0], median, sorted[sorted.length - 1], sorted.length);
  }

  public static Spread of(Collection<? extends Number> values) {
    return of(values.stream().mapToDouble(Number::doubleValue).toArray());
  }

  /// `median (min – max)`, or one number when all are the same.
  @Override
  public String toString() {
    if (min == max) return Figures.text(median);
    return "%s (%s – %s)".formatted(Figures.text(median), Figures.text(min), Figures.text(max));
  }
}
