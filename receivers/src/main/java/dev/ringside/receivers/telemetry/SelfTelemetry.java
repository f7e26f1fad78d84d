package dev.ringside.receivers.telemetry;

import dev.ringside.semconv.Keys;
import dev.ringside.semconv.MetricType;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricProducer;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// What Ringside says of itself: what its receivers produced, exported and lost and why, which
/// hooks hold, how full rings and maps are, and what the process uses.
///
/// About the agent, not about the host it observes, so with a Resource of its own. Any thread may
/// read; never throws. A supplier that throws leaves its metrics out of that collection.
public final class SelfTelemetry implements MetricProducer {
  static final String RING_FULL = "ring_full";
  static final String MAP_FULL = "map_full";
  static final String RETURN_MISSED = "return_missed";
  static final String HANDLER_FAILED = "handler_failed";

  private final Resource agent;
  private final InstrumentationScopeInfo scope;
  private final Supplier<List<ReceiverStatus>> receivers;
  private final Supplier<List<ExportStatistics>> exports;

  /// When all of it was zero.
  private final long startNs = processStartNs();

  /// @param agent the Resource of the agent itself
  /// @param version Ringside's
  /// @param receivers the receivers that run
  /// @param exports [DirectTelemetry#statistics] or [EmbeddedTelemetry#statistics]
  public SelfTelemetry(
      Resource agent,
      String version,
      Supplier<List<ReceiverStatus>> receivers,
      Supplier<List<ExportStatistics>> exports) {
    this.agent = agent;
    this.scope = Origin.scope("self", version);
    this.receivers = receivers;
    this.exports = exports;
  }

  @Override
  public Collection<MetricData> produce(Resource ignored) {
    var points = new SumPoints(agent, scope, startNs);
    read(points, receivers, exports);
    ProcessUsage.read().ifPresent(usage -> process(usage, points));
    return points.metrics();
  }

  private static void read(
      SumPoints points,
      Supplier<List<ReceiverStatus>> receivers,
      Supplier<List<ExportStatistics>> exports) {
    for (var status : get(receivers)) kernelSide(status, points);
    for (var statistics : get(exports)) exportSide(statistics, points);
  }

  /// The receivers' part of it, as numbers.
  static Map<MetricType, Map<Attributes, Long>> totals(
      Supplier<List<ReceiverStatus>> receivers, Supplier<List<ExportStatistics>> exports) {
    var points = new SumPoints(Resource.empty(), Origin.scope("self", ""), 0);
    read(points, receivers, exports);
    return points.totals();
  }

  private static long processStartNs() {
    var start = ProcessHandle.current().info().startInstant();
    return ObservedTime.unixNanos(start.orElseGet(Instant::now));
  }

  private static <T> List<T> get(Supplier<List<T>> supplier) {
    try {
      return supplier.get();
    } catch (RuntimeException | LinkageError e) {
      return List.of();
    }
  }

  private static void kernelSide(ReceiverStatus status, SumPoints points) {
    var receiver = Attributes.of(Keys.RINGSIDE_RECEIVER_NAME, status.receiver());
    for (var ring : status.rings()) {
      points.add(Metrics.RECEIVER_RECORD_PRODUCED, receiver, ring.produced());
      lost(status.receiver(), RING_FULL, ring.lost(), points);
      lost(status.receiver(), HANDLER_FAILED, ring.failed(), points);
      var named = receiver.toBuilder().put(Keys.RINGSIDE_RING_NAME, ring.name()).build();
      points.add(Metrics.RECEIVER_RING_USAGE, named, ring.waitingBytes());
      points.add(Metrics.RECEIVER_RING_LIMIT, named, ring.sizeBytes());
    }
    for (var map : status.maps()) {
      lost(status.receiver(), MAP_FULL, map.lost(), points);
      lost(status.receiver(), RETURN_MISSED, map.missed(), points);
      var named = receiver.toBuilder().put(Keys.RINGSIDE_MAP_NAME, map.name()).build();
      if (map.entries() >= 0) points.add(Metrics.RECEIVER_MAP_ENTRY_USAGE, named, map.entries());
      points.add(Metrics.RECEIVER_MAP_ENTRY_LIMIT, named, map.maxEntries());
    }
    for (var program : status.programs()) {
      var named = receiver.toBuilder().put(Keys.RINGSIDE_PROGRAM_NAME, program.name()).build();
      points.add(Metrics.RECEIVER_PROGRAM_MISSED, named, program.missed());
    }
    for (var step : status.plan().steps()) {
      if (step.holds().isEmpty()) continue;
      var hook =
          receiver.toBuilder()
              .put(Keys.RINGSIDE_HOOK_NEED, step.need().name())
              .put(Keys.RINGSIDE_HOOK_MECHANISM, step.holds().get().mechanism())
              .build();
      points.add(Metrics.RECEIVER_HOOK_ATTACHED, hook, 1);
    }
    status
        .plan()
        .functionsByMechanism()
        .forEach((mechanism, count) -> {
          var hooks =
              receiver.toBuilder()
                  .put(Keys.RINGSIDE_HOOK_NEED, "functions")
                  .put(Keys.RINGSIDE_HOOK_MECHANISM, mechanism)
                  .build();
          points.add(Metrics.RECEIVER_HOOK_ATTACHED, hooks, count);
        });
  }

  private static void exportSide(ExportStatistics statistics, SumPoints points) {
    points.add(
        Metrics.RECEIVER_RECORD_EXPORTED,
        Attributes.of(Keys.RINGSIDE_RECEIVER_NAME, statistics.receiver()),
        statistics.exported());
    points.add(
        Metrics.RECEIVER_METRIC_OVERFLOW,
        Attributes.of(Keys.RINGSIDE_RECEIVER_NAME, statistics.receiver()),
        statistics.overflowing());
    statistics
        .lostByReason()
        .forEach((reason, count) -> lost(statistics.receiver(), reason, count, points));
  }

  private static void lost(String receiver, String reason, long count, SumPoints points) {
    points.add(
        Metrics.RECEIVER_RECORD_LOST,
        Attributes.of(
            Keys.RINGSIDE_RECEIVER_NAME, receiver, Keys.RINGSIDE_RECORD_LOSS_REASON, reason),
        count);
  }

  private static void process(ProcessUsage usage, SumPoints points) {
    MetricType time = Metrics.PROCESS_CPU_TIME;
    points.addSeconds(time, Attributes.of(Keys.CPU_MODE, "user"), usage.userSeconds());
    points.addSeconds(time, Attributes.of(Keys.CPU_MODE, "system"), usage.systemSeconds());
    points.add(Metrics.PROCESS_MEMORY_USAGE, Attributes.empty(), usage.residentBytes());
  }
}
