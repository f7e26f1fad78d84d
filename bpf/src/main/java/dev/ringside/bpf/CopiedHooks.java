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
    List<Integer> attach(int program, KernelFunction function, boolean atReturn);
  }

  private record Attached(int program, List<Integer> links) {
    private void close() {
      links.forEach(Libbpf::close);
      Libbpf.close(program);
    }
  }

  private final ProgramPattern entry;
  private final ProgramPattern exit;
  private final Place place;
  private final List<Attached> entries = new ArrayList<>();
  private final List<Attached> exits = new ArrayList<>();

  CopiedHooks(ProgramPattern entry, ProgramPattern exit, Place place) {
    this.entry = entry;
    this.exit = exit;
    this.place = place;
  }

  @Override
  public Map<Integer, BpfException> attach(Map<Integer, KernelFunction> functions) {
    var refused = new LinkedHashMap<Integer, BpfException>();
    functions.forEach((number, function) -> {
      try {
        var atReturn = attach(exit, function, number, true);
        try {
          entries.add(attach(entry, function, number, false));
          exits.add(atReturn);
        } catch (BpfException e) {
          atReturn.close();
          throw e;
        }
      } catch (BpfException e) {
        refused.put(number, e);
      }
    });
    return refused;
  }

  private Attached attach(
      ProgramPattern pattern, KernelFunction function, int number, boolean atReturn) {
    int program = pattern.load(function, number);
    try {
      return new Attached(program, place.attach(program, function, atReturn));
    } catch (BpfException e) {
      Libbpf.close(program);
      throw e;
    }
  }

  @Override
  public List<ProgramStatistics> statistics() {
    if (entries.isEmpty()) return List.of();
    return List.of(together(entry.name(), entries), together(exit.name(), exits));
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
    entries.forEach(Attached::close);
    entries.clear();
    exits.forEach(Attached::close);
    exits.clear();
  }
}
