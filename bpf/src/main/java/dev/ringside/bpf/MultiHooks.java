package dev.ringside.bpf;

import dev.ringside.bpf.libbpf.Libbpf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Programs of which each serves all functions: a link takes any number of them, or refuses them
/// all. Then halves of them are tried, and halves of those, until it is known who is refused.
final class MultiHooks implements FunctionHooks {
  /// So many refused one by one, with none accepted before, and the rest is not tried.
  private static final int ENOUGH = 3;

  /// Links a program to functions.
  interface Place {
    /// @param program its descriptor
    /// @param functions by the numbers that it knows them by
    /// @return the link's descriptor
    /// @throws BpfException saying why the kernel refused
    int attach(int program, SortedMap<Integer, KernelFunction> functions);
  }

  /// @param name of the program in the object
  /// @param program its descriptor
  /// @param isOwn whether it is to be closed
  record Part(String name, int program, boolean isOwn, Place place) {}

  private final List<Part> parts;

  /// By part.
  private final List<List<Integer>> links = new ArrayList<>();

  /// @param parts in the order that they attach in; they detach in the opposite one
  MultiHooks(List<Part> parts) {
    this.parts = List.copyOf(parts);
    parts.forEach(p -> links.add(new ArrayList<>()));
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
        if (some.size() == 1 || links.getFirst().isEmpty() && refused.size() >= ENOUGH) {
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

  private void attachAll(SortedMap<Integer, KernelFunction> functions) {
    var own = new ArrayList<Integer>();
    try {
      for (var part : parts) own.add(part.place().attach(part.program(), functions));
      for (int i = 0; i < own.size(); i++) links.get(i).add(own.get(i));
    } catch (BpfException e) {
      own.reversed().forEach(Libbpf::close);
      throw e;
    }
  }

  @Override
  public List<ProgramStatistics> statistics() {
    var statistics = new ArrayList<ProgramStatistics>();
    for (int i = parts.size() - 1; i >= 0; i--) {
      if (!links.get(i).isEmpty()) statistics.add(statistics(parts.get(i), links.get(i)));
    }
    return statistics;
  }

  private static ProgramStatistics statistics(Part part, List<Integer> links) {
    var said = ProgramInfo.of(part.name(), part.program());
    long missed = links.stream().mapToLong(ProgramInfo::missed).sum();
    return new ProgramStatistics(part.name(), said.verifiedInstructions(), said.missed() + missed);
  }

  @Override
  public void detach() {
    links
        .reversed()
        .forEach(each -> {
          each.forEach(Libbpf::close);
          each.clear();
        });
    parts.stream().filter(Part::isOwn).forEach(p -> Libbpf.close(p.program()));
  }
}
