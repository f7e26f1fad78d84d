package dev.ringside.receivers;

import dev.ringside.bpf.Hook;
import dev.ringside.bpf.Need;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.Table;
import dev.ringside.bpf.Way;
import dev.ringside.receivers.FlowGroups.FlowGroup;
import dev.ringside.receivers.TcpConnectionReceiver.Slot;
import dev.ringside.receivers.telemetry.Telemetry.CounterPoints;
import dev.ringside.semconv.Keys;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// What connections have come to: those that ended, which the kernel sums up, and those that are
/// open, which it looks at when somebody reads.
///
/// A sum never falls: a connection that ends in between is in neither part this time, and what is
/// missing comes with the next reading.
final class FlowTotals {
  /// Sums of series begin anew, before anybody looks at connections.
  private static final Way BY_SERIES =
      Way.by("map iterator").attach("on_open_series", Hook.entriesOf("open_io_by_series"));

  /// `struct flow_io`.
  ///
  /// @param direction `enum flow_direction`
  record FlowIo(FlowGroup group, int direction) {}

  private record Total<K>(Table<K, Long> ended, Table<K, Long> open, Map<K, Long> last) {
    static <K extends Record> Total<K> of(Probe probe, String ended, String open, Class<K> key) {
      return new Total<>(
          probe.table(ended, key), probe.table(open, key), new LinkedHashMap<K, Long>());
    }
  }

  private final FlowGroups groups;
  private final Total<Slot> bytes;
  private final Total<FlowIo> bytesBySeries;
  private final Total<Slot> spuriousRetransmits;
  private final Runnable beginSeries;
  private final Runnable lookAtOpen;

  FlowTotals(Probe probe, FlowGroups groups) {
    this.groups = groups;
    var way = groups.areAskedFor() ? BY_SERIES : Way.by("map iterator");
    probe.need(
        Need.optional(
            "bytes and round trips of open connections",
            way.attach("on_open_connection", Hook.entriesOf("connections"))));
    if (!groups.areAskedFor()) {
      probe.leaveOut("on_open_series");
      probe.resize("io_by_series", 1);
      probe.resize("open_io_by_series", 1);
    }
    bytes = Total.of(probe, "io_bytes", "open_io_bytes", Slot.class);
    bytesBySeries = Total.of(probe, "io_by_series", "open_io_by_series", FlowIo.class);
    spuriousRetransmits =
        Total.of(probe, "spurious_retransmits", "open_spurious_retransmits", Slot.class);
    beginSeries = probe.sweep("on_open_series");
    lookAtOpen = probe.sweep("on_open_connection");
  }

  /// Has the kernel look at open connections, at their round trips as well. Any thread.
  synchronized void look() {
    if (groups.areAskedFor()) beginSeries.run();
    lookAtOpen.run();
  }

  /// Any thread.
  void readBytes(CounterPoints points) {
    read(bytes)
        .forEach((slot, total) -> {
          if (total == 0 && groups.areAskedFor()) return;
          var rest = direction(slot.index());
          groups.describeRest(rest);
          points.add(rest.build(), total);
        });
    if (!groups.areAskedFor()) return;
    var found = read(bytesBySeries);
    var executables = groups.executables();
    found.forEach((series, total) -> {
      var attributes = direction(series.direction());
      groups.describe(attributes, series.group(), executables);
      points.add(attributes.build(), total);
    });
  }

  /// Any thread.
  void readSpuriousRetransmits(CounterPoints points) {
    read(spuriousRetransmits)
        .forEach((ipv6, total) -> {
          if (total == 0) return;
          points.add(Attributes.of(Keys.NETWORK_TYPE, Flow.networkType(ipv6.index() != 0)), total);
        });
  }

  private static AttributesBuilder direction(int direction) {
    return Attributes.builder()
        .put(Keys.NETWORK_IO_DIRECTION, TcpConnectionReceiver.direction(direction));
  }

  /// One at a time: to look begins all sums anew.
  private synchronized <K> Map<K, Long> read(Total<K> total) {
    var sums = new HashMap<K, Long>();
    total.ended.forEach((key, n) -> sums.merge(key, n, Long::sum));
    look();
    total.open.forEach((key, n) -> sums.merge(key, n, Long::sum));
    sums.forEach((key, sum) -> total.last.merge(key, sum, Math::max));
    return new LinkedHashMap<>(total.last);
  }
}
