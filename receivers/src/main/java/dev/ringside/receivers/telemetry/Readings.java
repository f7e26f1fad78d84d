package dev.ringside.receivers.telemetry;

import dev.ringside.receivers.telemetry.Telemetry.CounterPoints;
import dev.ringside.receivers.telemetry.Telemetry.HistogramPoints;
import dev.ringside.semconv.MetricType;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/// One metric of one receiver, and how to read it. Any thread may read; they take turns.
///
/// @param <P> what a read adds points to
/// @param <V> what belongs to one set of attributes
final class Readings<P, V> {
  private final MetricType type;
  private final InstrumentationScopeInfo scope;
  private final ReceiverCounts counts;
  private final long startNs = ObservedTime.unixNanos();
  private final Cardinality cardinality;
  private final BiFunction<Map<Attributes, V>, Cardinality, P> adder;
  private final List<Consumer<P>> reads = new ArrayList<>();

  private Readings(
      MetricType type,
      InstrumentationScopeInfo scope,
      ReceiverCounts counts,
      Cardinality cardinality,
      BiFunction<Map<Attributes, V>, Cardinality, P> adder) {
    this.type = type;
    this.scope = scope;
    this.counts = counts;
    this.cardinality = cardinality;
    this.adder = adder;
  }

  static Readings<CounterPoints, Long> ofCounter(
      MetricType type, InstrumentationScopeInfo scope, ReceiverCounts counts, int limit) {
    return new Readings<>(
        type,
        scope,
        counts,
        new Cardinality(limit),
        (points, cardinality) ->
            (attributes, total) -> points.merge(cardinality.admit(attributes), total, Long::sum));
  }

  static Readings<HistogramPoints, MergedHistogram> ofHistogram(
      MetricType type, InstrumentationScopeInfo scope, ReceiverCounts counts, int limit) {
    return new Readings<>(
        type,
        scope,
        counts,
        new Cardinality(limit),
        (points, cardinality) ->
            (attributes, histogram) ->
                points
                    .computeIfAbsent(cardinality.admit(attributes), a -> new MergedHistogram())
                    .add(histogram));
  }

  MetricType type() {
    return type;
  }

  InstrumentationScopeInfo scope() {
    return scope;
  }

  /// Unix time of the declaration.
  long startNs() {
    return startNs;
  }

  synchronized Readings<P, V> add(Consumer<P> read) {
    reads.add(read);
    return this;
  }

  /// What all reads of this metric add up to. Nothing when one of them throws: half of a total
  /// would look as if the counter had gone back.
  synchronized Optional<Map<Attributes, V>> read() {
    var points = new LinkedHashMap<Attributes, V>();
    var add = adder.apply(points, cardinality);
    try {
      for (var read : reads) read.accept(add);
      cardinality.keepOnly(points.keySet());
    } catch (Exception | LinkageError e) {
      counts.failedRead();
      return Optional.empty();
    } finally {
      counts.overflowing(type.name(), cardinality.takeFolded());
    }
    return points.isEmpty() ? Optional.empty() : Optional.of(points);
  }
}
