package dev.ringside.config.agent;

import dev.ringside.bpf.AttachPlan;
import dev.ringside.bpf.BpfObject;
import dev.ringside.bpf.MapStatistics;
import dev.ringside.bpf.Poller;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.ProgramStatistics;
import dev.ringside.bpf.RingStatistics;
import java.util.List;

/// The real thing.
record OpenedObject(BpfObject object) implements Kernel.KernelSide {
  @Override
  public Probe probe() {
    return object;
  }

  @Override
  public AttachPlan load(Poller poller) {
    return object.load(poller);
  }

  @Override
  public List<RingStatistics> rings() {
    return object.rings();
  }

  @Override
  public List<MapStatistics> maps() {
    return object.maps();
  }

  @Override
  public List<ProgramStatistics> programs() {
    return object.programs();
  }

  @Override
  public void detach() {
    object.detach();
  }

  @Override
  public void close() {
    object.close();
  }
}
