package dev.ringside.receivers;

import dev.ringside.receivers.linux.TcpState;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;

/// Says of each dropped segment what is known of it. For the polling thread.
final class FlowDropEvents {
  private final Telemetry telemetry;
  private final Owners owners;
  private final FlowAttributes attributes = new FlowAttributes();
  private final KernelReasons reasons;
  private final DropPlaces places;
  private final ProcessAttributes processes;
  private long skipped;

  FlowDropEvents(Telemetry telemetry, Owners owners, KernelReasons reasons, DropPlaces places) {
    this.telemetry = telemetry;
    this.owners = owners;
    this.reasons = reasons;
    this.places = places;
    processes = new ProcessAttributes(telemetry);
  }

  void emit(FlowDrop drop) {
    var event = telemetry.event(Events.NETWORK_TCP_DROP).at(drop.time());
    var flow = drop.flow();
    if (flow.owned() != 0) {
      var names = owners.of(flow.owner());
      processes.describe(event, flow.owner().process(), names.executableName(), names.cgroup());
    }
    var way = places.way(drop.place(), drop.kernelFrames());
    event
        .set(Keys.NETWORK_CONNECTION_STATE, TcpState.name(flow.state()))
        .set(Keys.RINGSIDE_NETWORK_TCP_DROP_REASON, reasons.ofDrop(drop.reason()))
        .set(
            Keys.CODE_FUNCTION_NAME,
            way.isEmpty() ? places.function(drop.place()) : DropPlaces.nameOnly(way.getFirst()))
        .set(Keys.CODE_STACKTRACE, way.isEmpty() ? null : String.join("\n", way));
    if (drop.direction() != FlowDrop.UNKNOWN_DIRECTION) {
      event.set(Keys.NETWORK_IO_DIRECTION, TcpConnectionReceiver.direction(drop.direction()));
    }
    if (drop.hasSocket() || flow.role() != 0) attributes.describe(event, flow);
    else attributes.describeSegment(event, flow);
    if (drop.skipped() > skipped) {
      event.set(Keys.RINGSIDE_NETWORK_TCP_DROP_SKIPPED_COUNT, drop.skipped() - skipped);
      skipped = drop.skipped();
    }
    event.emit();
  }
}
