package dev.ringside.receivers;

import dev.ringside.bpf.Probe;
import dev.ringside.bpf.Table;
import dev.ringside.receivers.FlowGroups.FlowGroup;
import dev.ringside.receivers.linux.TcpState;
import dev.ringside.receivers.telemetry.Telemetry.CounterPoints;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Values;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.LinkedHashMap;
import java.util.function.Function;

/// What goes wrong with connections, as the kernel counts it: segments that are sent again, and
/// resets; a few counts, or one for each server or owner.
final class FlowCounts {
  /// `struct retransmit_key`.
  record RetransmitKey(int kind, int state, boolean ipv6) {}

  /// `struct reset_key`.
  record ResetKey(int direction, boolean ipv6, int reason) {}

  /// `struct retransmit_series`.
  record RetransmitSeries(FlowGroup group, RetransmitKey retransmit) {}

  /// `struct reset_series`.
  record ResetSeries(FlowGroup group, ResetKey reset) {}

  private record Counts<K, S>(
      Table<K, Long> few,
      Table<S, Long> series,
      Function<S, FlowGroup> group,
      Function<S, K> key,
      Function<K, AttributesBuilder> attributes) {}

  private final FlowGroups groups;
  private final Counts<RetransmitKey, RetransmitSeries> retransmits;
  private final Counts<ResetKey, ResetSeries> resets;

  FlowCounts(Probe probe, FlowGroups groups, KernelReasons reasons) {
    this.groups = groups;
    if (!groups.areAskedFor()) {
      probe.resize("retransmits_by_series", 1);
      probe.resize("resets_by_series", 1);
    }
    retransmits =
        new Counts<>(
            probe.table("retransmit_counts", RetransmitKey.class),
            probe.table("retransmits_by_series", RetransmitSeries.class),
            RetransmitSeries::group,
            RetransmitSeries::retransmit,
            FlowCounts::attributes);
    resets =
        new Counts<>(
            probe.table("reset_counts", ResetKey.class),
            probe.table("resets_by_series", ResetSeries.class),
            ResetSeries::group,
            ResetSeries::reset,
            key -> attributes(key, reasons));
  }

  /// Any thread.
  void readRetransmits(CounterPoints points) {
    read(retransmits, points);
  }

  /// Any thread.
  void readResets(CounterPoints points) {
    read(resets, points);
  }

  private <K, S> void read(Counts<K, S> counts, CounterPoints points) {
    counts.few.forEach((key, total) -> {
      var rest = counts.attributes.apply(key);
      groups.describeRest(rest);
      points.add(rest.build(), total);
    });
    if (!groups.areAskedFor()) return;
    var found = new LinkedHashMap<S, Long>();
    counts.series.forEach(found::put);
    // Read afterwards, so that they have all numbers that were found.
    var executables = groups.executables();
    found.forEach((series, total) -> {
      var attributes = counts.attributes.apply(counts.key.apply(series));
      groups.describe(attributes, counts.group.apply(series), executables);
      points.add(attributes.build(), total);
    });
  }

  static String retransmitType(int kind) {
    return switch (kind) {
      case 1 -> Values.NetworkTcpRetransmitType.TIMEOUT;
      case 2 -> Values.NetworkTcpRetransmitType.TAIL_LOSS_PROBE;
      default -> Values.NetworkTcpRetransmitType.FAST;
    };
  }

  private static AttributesBuilder attributes(RetransmitKey key) {
    return Attributes.builder()
        .put(Keys.RINGSIDE_NETWORK_TCP_RETRANSMIT_TYPE, retransmitType(key.kind()))
        .put(Keys.NETWORK_CONNECTION_STATE, TcpState.name(key.state()))
        .put(Keys.NETWORK_TYPE, Flow.networkType(key.ipv6()));
  }

  static AttributesBuilder attributes(ResetKey key, KernelReasons reasons) {
    return Attributes.builder()
        .put(Keys.NETWORK_IO_DIRECTION, TcpConnectionReceiver.direction(key.direction()))
        .put(Keys.NETWORK_TYPE, Flow.networkType(key.ipv6()))
        .put(Keys.RINGSIDE_NETWORK_TCP_RESET_REASON, reasons.ofReset(key.reason()));
  }
}
