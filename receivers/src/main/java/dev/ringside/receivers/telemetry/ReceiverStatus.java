package dev.ringside.receivers.telemetry;

import dev.ringside.bpf.AttachPlan;
import dev.ringside.bpf.MapStatistics;
import dev.ringside.bpf.ProgramStatistics;
import dev.ringside.bpf.RingStatistics;
import java.util.List;

/// What the kernel side of one running receiver says of itself at one moment.
public record ReceiverStatus(
    String receiver,
    List<RingStatistics> rings,
    List<MapStatistics> maps,
    List<ProgramStatistics> programs,
    AttachPlan plan) {
  public ReceiverStatus {
    rings = List.copyOf(rings);
    maps = List.copyOf(maps);
    programs = List.copyOf(programs);
  }
}
