package dev.ringside.bpf;

import dev.ringside.bpf.libbpf.perf_event_attr;
import java.lang.foreign.Arena;
import java.util.List;

/// A kprobe or kretprobe.
record Kprobe(boolean atReturn) implements CopiedHooks.Place {
  private static final long AT_RETURN = 1;

  @Override
  public List<Integer> attach(int program, KernelFunction function) {
    return PerfEvent.attach(program, open(function.name()));
  }

  private int open(String function) {
    try (var arena = Arena.ofConfined()) {
      var event = perf_event_attr.allocate(arena);
      perf_event_attr.type(event, PerfEvent.type("kprobe"));
      perf_event_attr.size(event, Math.toIntExact(perf_event_attr.sizeof()));
      perf_event_attr.config(event, atReturn ? AT_RETURN : 0);
      perf_event_attr.kprobe_func(event, arena.allocateFrom(function).address());
      return PerfEvent.open(event);
    }
  }
}
