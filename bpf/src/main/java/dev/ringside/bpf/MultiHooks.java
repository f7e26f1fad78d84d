package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringside.bpf.libbpf.Libbpf;
import dev.ringside.bpf.libbpf.bpf_kprobe_multi_opts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One pair of programs for all functions: a link takes any number of them, or refuses them all.
/// Then halves of them are tried, and halves of those, until it is known who is refused.
final class MultiHooks implements FunctionHooks {
  /// So many refused one by one, with none accepted before, and the rest is not tried.
  private static final int ENOUGH = 3;

  private final String entryName;
  private final MemorySegment entry;
  private final String exitName;
  private final MemorySegment exit;
  private final List<MemorySegment> entries = new ArrayList<>();
  private final List<MemorySegment> exits = new ArrayList<>();

  MultiHooks(String entryName, MemorySegment entry, String exitName, MemorySegment exit) {
    this.entryName = entryName;
    this.entry = entry;
    this.exitName = exitName;
    this.exit = exit;
  }

  @Override
  public Map<Integer, BpfException> attach(Map<Integer, KernelFunction> functions) {
    var refused = new LinkedHashMap<Integer, BpfException>();
    Deque<TreeMap<Integer, KernelFunction>> untried = new ArrayDeque<>();
    if (!functions.isEmpty()) untried.push(new TreeMap<>(functions));
    while (!untried.isEmpty()) {
      var some = untried.pop();
      try {
        attachAll(some);
      } catch (BpfException e) {
        if (some.size() == 1 || entries.isEmpty() && refused.size() >= ENOUGH) {
          some.keySet().forEach(number -> refused.put(number, e));
        } else {
          var numbers = List.copyOf(some.keySet());
          int middle = numbers.get(some.size() / 2);
          untried.push(new TreeMap<>(some.tailMap(middle)));
          untried.push(new TreeMap<>(some.headMap(middle)));
        }
      }
    }
    return refused;
  }

  private void attachAll(Map<Integer, KernelFunction> functions) {
    var atReturn = link(exit, functions, true);
    try {
      entries.add(link(entry, functions, false));
      exits.add(atReturn);
    } catch (BpfException e) {
      Libbpf.bpf_link__destroy(atReturn);
      throw e;
    }
  }

  private static MemorySegment link(
      MemorySegment program, Map<Integer, KernelFunction> functions, boolean atReturn) {
    try (var arena = Arena.ofConfined()) {
      var names = arena.allocate(ADDRESS, functions.size());
      var numbers = arena.allocate(JAVA_LONG, functions.size());
      int at = 0;
      for (var each : functions.entrySet()) {
        names.setAtIndex(ADDRESS, at, arena.allocateFrom(each.getValue().name()));
        numbers.setAtIndex(JAVA_LONG, at++, each.getKey());
      }
      var options = bpf_kprobe_multi_opts.allocate(arena);
      bpf_kprobe_multi_opts.sz(options, bpf_kprobe_multi_opts.sizeof());
      bpf_kprobe_multi_opts.syms(options, names);
      bpf_kprobe_multi_opts.cookies(options, numbers);
      bpf_kprobe_multi_opts.cnt(options, functions.size());
      bpf_kprobe_multi_opts.retprobe(options, atReturn);
      return link(program, options);
    }
  }

  private static MemorySegment link(MemorySegment program, MemorySegment options) {
    var link = new MemorySegment[1];
    var failure = new BpfException[1];
    // libbpf says on its print function what it throws here too.
    LibbpfLog.during(() -> {
      try {
        link[0] =
            Native.pointer(
                "attach",
                Libbpf.bpf_program__attach_kprobe_multi_opts$address(),
                Libbpf.bpf_program__attach_kprobe_multi_opts$descriptor(),
                program,
                MemorySegment.NULL,
                options);
      } catch (BpfException e) {
        failure[0] = e;
      }
    });
    if (failure[0] != null) throw failure[0];
    return link[0];
  }

  @Override
  public List<ProgramStatistics> statistics() {
    if (entries.isEmpty()) return List.of();
    return List.of(statistics(entryName, entry, entries), statistics(exitName, exit, exits));
  }

  private static ProgramStatistics statistics(
      String name, MemorySegment program, List<MemorySegment> links) {
    var said = ProgramInfo.of(name, Libbpf.bpf_program__fd(program));
    long missed =
        links.stream().mapToLong(link -> ProgramInfo.missed(Libbpf.bpf_link__fd(link))).sum();
    return new ProgramStatistics(name, said.verifiedInstructions(), said.missed() + missed);
  }

  @Override
  public void detach() {
    entries.forEach(Libbpf::bpf_link__destroy);
    entries.clear();
    exits.forEach(Libbpf::bpf_link__destroy);
    exits.clear();
  }
}
