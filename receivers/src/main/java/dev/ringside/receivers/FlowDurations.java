package dev.ringside.receivers;

import dev.ringside.bpf.Histogram;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.Table;
import dev.ringside.receivers.FlowGroups.FlowGroup;
import dev.ringside.receivers.linux.ConnectionError;
import dev.ringside.receivers.telemetry.Telemetry.HistogramPoints;
import dev.ringside.semconv.Keys;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The histograms that the kernel keeps of connections: a few, or one for each server or owner.
final class FlowDurations {
  /// `struct flow_outcome`, without the octave.
  record FlowOutcome(int role, boolean ipv6, int error) {}

  /// `struct flow_series`, without the octave.
  ///
  /// @param measure `enum flow_measure`
  record FlowSeries(FlowGroup group, int error, int role, boolean ipv6, int measure) {}

  /// What is measured, `enum flow_measure`, and the map of the few.
  enum Measure {
    HANDSHAKE("handshake_durations"),
    CONNECTION("connection_durations"),
    ROUND_TRIP("round_trips");

    private final String map;

    Measure(String map) {
      this.map = map;
    }
  }

  private final FlowGroups groups;
  private final List<Table<FlowOutcome, Histogram>> few;
  private final Table<FlowSeries, Histogram> series;

  FlowDurations(Probe probe, FlowGroups groups) {
    this.groups = groups;
    if (!groups.areAskedFor()) probe.resize("durations_by_series", 1);
    few =
        List.of(Measure.values()).stream()
            .map(measure -> probe.histograms(measure.map, FlowOutcome.class))
            .toList();
    series = probe.histograms("durations_by_series", FlowSeries.class);
  }

  /// Any thread.
  void read(Measure measure, HistogramPoints points) {
    few.get(measure.ordinal()).forEach((outcome, took) -> points.add(attributes(outcome), took));
    if (!groups.areAskedFor()) return;
    var found = new LinkedHashMap<FlowSeries, Histogram>();
    series.forEach((key, took) -> {
      if (key.measure() == measure.ordinal()) found.put(key, took);
    });
    // Read afterwards, so that they have all numbers that were found.
    var executables = groups.executables();
    found.forEach((key, took) -> points.add(attributes(key, executables), took));
  }

  private Attributes attributes(FlowOutcome outcome) {
    var rest = attributes(outcome.role(), outcome.ipv6(), outcome.error());
    groups.describeRest(rest);
    return rest.build();
  }

  private Attributes attributes(FlowSeries key, Map<Long, String> executables) {
    var attributes = attributes(key.role(), key.ipv6(), key.error());
    groups.describe(attributes, key.group(), executables);
    return attributes.build();
  }

  private static AttributesBuilder attributes(int role, boolean ipv6, int error) {
    return Attributes.builder()
        .put(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE, Flow.role(role))
        .put(Keys.NETWORK_TYPE, Flow.networkType(ipv6))
        .put(Keys.ERROR_TYPE, ConnectionError.type(error));
  }
}
