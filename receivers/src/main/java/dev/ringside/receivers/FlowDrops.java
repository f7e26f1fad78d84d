package dev.ringside.receivers;

import dev.ringside.bpf.BpfException;
import dev.ringside.bpf.Need;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.Way;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;

/// Segments that the kernel dropped: how many and why, and each by itself when asked.
final class FlowDrops {
  private static final Need NEED =
      Need.optional("dropped segments", Way.by("BTF tracepoint").attach("on_drop"));
  private static final long RING_BYTES = 1 << 20;

  /// `struct drop_key`.
  ///
  /// @param place 0 where the kernel gives reasons
  record DropKey(long place, int reason, boolean ipv6) {}

  private FlowDrops() {}

  /// @throws BpfException when events are asked for and the kernel hides where its functions are
  static void declare(
      Probe probe,
      Telemetry telemetry,
      TcpConnectionOptions options,
      Owners owners,
      KernelReasons reasons) {
    boolean tells = options.events() && options.drops();
    var places = tells ? DropPlaces.named() : DropPlaces.namedIfPossible();
    probe.need(NEED);
    probe.set("drop_events", tells ? 1 : 0);
    probe.set("drops_per_second", options.dropsPerSecond());
    RingSize.apply(probe, "flow_drops", tells, RING_BYTES);
    if (tells) {
      var events = new FlowDropEvents(telemetry, owners, reasons, places);
      probe.onEvent("flow_drops", FlowDrop.class, events::emit);
    }
    var drops = probe.table("drop_counts", DropKey.class);
    telemetry.counter(
        Metrics.NETWORK_TCP_DROPS,
        points ->
            drops.forEach((key, total) -> points.add(attributes(key, reasons, places), total)));
  }

  static Attributes attributes(DropKey key, KernelReasons reasons, DropPlaces places) {
    var attributes = Attributes.builder();
    attributes.put(Keys.NETWORK_TYPE, Flow.networkType(key.ipv6()));
    var reason = reasons.ofDrop(key.reason());
    if (reason != null) attributes.put(Keys.RINGSIDE_NETWORK_TCP_DROP_REASON, reason);
    var function = key.place() == 0 ? null : places.function(key.place());
    if (function != null) attributes.put(Keys.CODE_FUNCTION_NAME, function);
    return attributes.build();
  }
}
