package dev.ringside.bpf;

import dev.ringside.bpf.libbpf.Libbpf;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// The trampoline of a function; which one, and where in it, its program says.
final class Trampoline implements CopiedHooks.Place {
  @Override
  public List<Integer> attach(int program, KernelFunction function) {
    int link = Libbpf.bpf_raw_tracepoint_open(MemorySegment.NULL, program);
    if (link < 0) throw new BpfException("attach: " + Native.message(-link), -link);
    return List.of(link);
  }
}
