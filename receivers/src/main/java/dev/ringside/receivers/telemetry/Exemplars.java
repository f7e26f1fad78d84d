package dev.ringside.receivers.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Examples of what one histogram counted, a few for each of its series.
///
/// A collection takes none away: there may be several readers, and nobody says which one reads. So
/// each of them gets what is not older than [#KEPT], the same example more than once, as cumulative
/// totals come more than once. Safe for several threads.
final class Exemplars {
  /// Of one series; the newest take the place of the oldest.
  static final int PER_SERIES = 4;

  /// Several times as long as readers usually wait; an example of a trace that a backend has
  /// forgotten leads nowhere.
  static final Duration KEPT = Duration.ofMinutes(5);

  private final int mostSeries;
  private final Map<Attributes, Deque<DoubleExemplarData>> bySeries = new HashMap<>();

  /// @param mostSeries further ones get no examples
  Exemplars(int mostSeries) {
    this.mostSeries = mostSeries;
  }

  synchronized void add(Attributes series, DoubleExemplarData exemplar) {
    var newest = bySeries.get(series);
    if (newest == null) {
      if (bySeries.size() >= mostSeries) return;
      bySeries.put(series, newest = new ArrayDeque<>());
    }
    if (newest.size() == PER_SERIES) newest.removeFirst();
    newest.addLast(exemplar);
  }

  /// The oldest first.
  synchronized List<DoubleExemplarData> of(Attributes series, long nowUnixNs) {
    var newest = bySeries.get(series);
    if (newest == null) return List.of();
    newest.removeIf(e -> nowUnixNs - e.getEpochNanos() > KEPT.toNanos());
    if (newest.isEmpty()) bySeries.remove(series);
    return List.copyOf(newest);
  }
}
