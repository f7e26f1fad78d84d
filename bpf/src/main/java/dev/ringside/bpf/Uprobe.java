package dev.ringside.bpf;

import dev.ringside.bpf.libbpf.Libbpf;
import dev.ringside.bpf.libbpf.perf_event_attr;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/// The places of one user function, each a uprobe by perf event.
final class Uprobe {
  private static final long AT_RETURN = 1;
  private static final int SEMAPHORE_SHIFT = 32; // PERF_UPROBE_REF_CTR_OFFSET_SHIFT

  private Uprobe() {}

  /// How a program is attached to a perf event.
  @FunctionalInterface
  interface Attaching {
    /// @return descriptors that keep it attached, the event's among them; that is closed on failure
    List<Integer> attach(int event);
  }

  /// @return descriptors that keep the program attached
  /// @throws BpfException saying why the kernel refused; nothing is left attached then
  static List<Integer> attach(
      String file, List<UserFunction.Place> places, boolean atReturn, Attaching attaching) {
    var all = new ArrayList<Integer>();
    try {
      for (var place : places) all.addAll(attaching.attach(open(file, place, atReturn)));
      return all;
    } catch (BpfException e) {
      all.forEach(Libbpf::close);
      throw e;
    }
  }

  private static int open(String file, UserFunction.Place place, boolean atReturn) {
    try (var arena = Arena.ofConfined()) {
      var event = perf_event_attr.allocate(arena);
      perf_event_attr.type(event, PerfEvent.type("uprobe"));
      perf_event_attr.size(event, Math.toIntExact(perf_event_attr.sizeof()));
      long semaphore = place.semaphore() << SEMAPHORE_SHIFT;
      perf_event_attr.config(event, semaphore | (atReturn ? AT_RETURN : 0));
      perf_event_attr.uprobe_path(event, arena.allocateFrom(file).address());
      perf_event_attr.probe_offset(event, place.offset());
      return PerfEvent.open(event);
    }
  }
}
