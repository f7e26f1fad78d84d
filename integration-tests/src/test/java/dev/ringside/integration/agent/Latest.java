package dev.ringside.integration.agent;

import dev.ringside.integration.otlp.MetricPoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/// The last point of each series of a metric: the totals, since all is cumulative.
///
/// @param series by attributes
record Latest(Map<Map<String, Object>, MetricPoint> series) {

  static Latest of(String name, List<MetricPoint> points) {
    var series = new HashMap<Map<String, Object>, MetricPoint>();
    for (var point : points) {
      if (!point.name().equals(name)) continue;
      if (!point.cumulative()) throw new AssertionError(point + " is not cumulative");
      series.merge(point.attributes(), point, (a, b) -> a.timeNs() > b.timeNs() ? a : b);
    }
    return new Latest(series);
  }

  /// The totals by the value of one attribute; "" for a series that has not got it.
  Map<String, Long> by(String attribute) {
    return by(attribute, MetricPoint::whole);
  }

  /// How many measurements there were, by the value of one attribute.
  Map<String, Long> countsBy(String attribute) {
    return by(attribute, MetricPoint::count);
  }

  private Map<String, Long> by(String attribute, ToLongFunction<MetricPoint> value) {
    var totals = new HashMap<String, Long>();
    series.forEach((attributes, point) -> {
      var key = (String) attributes.getOrDefault(attribute, "");
      totals.merge(key, value.applyAsLong(point), Long::sum);
    });
    return totals;
  }
}
