package dev.ringside.bpf;

import dev.ringside.bpf.libbpf.Libbpf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A copy of each program for each function.
final class CopiedHooks implements FunctionHooks {

  /// Attaches one copy.
  interface Place {
    /// @param program the copy's descriptor
    /// @return descriptors that keep it attached; the first is asked for statistics
    /// @throws BpfException saying why the kernel refused
    List<Integer> attach(int program, KernelFunction function);
  }

  /// @param pattern what is copied
  /// @param place where copies attach
  record Part(ProgramPattern pattern, Place place) {
    private int load(KernelFunction function, int number, ModuleTypes types) {
      int ofModule = pattern.isAtTrampoline() ? types.descriptor(function.module()) : 0;
      return pattern.load(function, number, ofModule);
    }
  }

  private record Attached(int program, List<Integer> links) {
    private void close() {
      links.forEach(Libbpf::close);
      Libbpf.close(program);
    }
  }

  private final List<Part> parts;

  /// By part, and those of a function at the same place in each.
  private final List<List<Attached>> attached = new ArrayList<>();

  /// @param parts in the order that they attach in; they detach in the opposite one
  CopiedHooks(List<Part> parts) {
    this.parts = List.copyOf(parts);
    parts.forEach(p -> attached.add(new ArrayList<>()));
  }

  @Override
  public Map<Integer, BpfException> attach(Map<Integer, KernelFunction> functions) {
    var refused = new LinkedHashMap<Integer, BpfException>();
    try (var types = new ModuleTypes()) {
      functions.forEach((number, function) -> {
        var own = new ArrayList<Attached>();
        try {
          for (var part : parts) own.add(attach(part, function, number, types));
          for (int i = 0; i < own.size(); i++) attached.get(i).add(own.get(i));
        } catch (BpfException e) {
          own.reversed().forEach(Attached::close);
          refused.put(number, e);
        }
      });
    }
    return refused;
  }

  private static Attached attach(
      Part part, KernelFunction function, int number, ModuleTypes types) {
    int program = part.load(function, number, types);
    try {
      return new Attached(program, part.place().attach(program, function));
    } catch (BpfException e) {
      Libbpf.close(program);
      throw e;
    }
  }

  @Override
  public List<ProgramStatistics> statistics() {
    var statistics = new ArrayList<ProgramStatistics>();
    for (int i = parts.size() - 1; i >= 0; i--) {
      if (!attached.get(i).isEmpty())
        statistics.add(together(parts.get(i).pattern().name(), attached.get(i)));
    }
    return statistics;
  }

  private static ProgramStatistics together(String program, List<Attached> all) {
    long instructions = 0;
    long missed = 0;
    for (var each : all) {
      var said = ProgramInfo.of(program, each.program());
      instructions = Math.max(instructions, said.verifiedInstructions());
      missed += said.missed() + ProgramInfo.missed(each.links().getFirst());
    }
    return new ProgramStatistics(program, instructions, missed);
  }

  @Override
  public void detach() {
    attached
        .reversed()
        .forEach(each -> {
          each.forEach(Attached::close);
          each.clear();
        });
  }
}
