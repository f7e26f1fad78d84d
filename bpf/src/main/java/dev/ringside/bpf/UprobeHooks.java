package dev.ringside.bpf;

import dev.ringside.bpf.libbpf.Libbpf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A perf event for each place of each function. The programs know a function by a cookie, or are
/// copies of their own for each.
final class UprobeHooks implements UserFunctionHooks {

  /// What runs at the places of one function.
  private record Program(String name, int descriptor, boolean isCopy, List<Integer> links) {
    private void close() {
      links.forEach(Libbpf::close);
      if (isCopy) Libbpf.close(descriptor);
    }
  }

  private final LoadedObject object;
  private final UserFunctionPrograms programs;
  private final boolean byCookie;
  private final List<Program> begins = new ArrayList<>();
  private final List<Program> ends = new ArrayList<>();

  /// @param byCookie whether the programs ask for a cookie; else copies are made of them
  UprobeHooks(LoadedObject object, UserFunctionPrograms programs, boolean byCookie) {
    this.object = object;
    this.programs = programs;
    this.byCookie = byCookie;
  }

  @Override
  public Map<Integer, BpfException> attach(Map<Integer, UserFunction> functions) {
    var refused = new LinkedHashMap<Integer, BpfException>();
    functions.forEach((number, function) -> {
      try {
        attach(function, number);
      } catch (BpfException e) {
        refused.put(number, e);
      }
    });
    return refused;
  }

  private void attach(UserFunction function, int number) {
    boolean returns = function.isReturning();
    var end =
        returns
            ? attach(programs.leave(), function, function.begins(), number, true)
            : attach(programs.end(), function, function.ends(), number, false);
    try {
      var begin = returns ? programs.enter() : programs.begin();
      begins.add(attach(begin, function, function.begins(), number, false));
      ends.add(end);
    } catch (BpfException e) {
      end.close();
      throw e;
    }
  }

  private Program attach(
      String name,
      UserFunction function,
      List<UserFunction.Place> places,
      int number,
      boolean atReturn) {
    int program =
        byCookie
            ? Libbpf.bpf_program__fd(object.programs().get(name))
            : object.pattern(name).load(number);
    try {
      var links =
          Uprobe.attach(
              function.file(),
              places,
              atReturn,
              event ->
                  byCookie
                      ? PerfEvent.attach(program, event, number)
                      : PerfEvent.attach(program, event));
      return new Program(name, program, !byCookie, links);
    } catch (BpfException e) {
      if (!byCookie) Libbpf.close(program);
      throw e;
    }
  }

  @Override
  public List<ProgramStatistics> statistics() {
    // One program that serves all functions counts once, copies count each.
    var each = new LinkedHashMap<Integer, Program>();
    begins.forEach(p -> each.put(p.descriptor(), p));
    ends.forEach(p -> each.put(p.descriptor(), p));
    var all = new LinkedHashMap<String, ProgramStatistics>();
    each.forEach((descriptor, p) ->
        all.merge(p.name(), ProgramInfo.of(p.name(), descriptor), UprobeHooks::together));
    return List.copyOf(all.values());
  }

  private static ProgramStatistics together(ProgramStatistics a, ProgramStatistics b) {
    return new ProgramStatistics(
        a.name(),
        Math.max(a.verifiedInstructions(), b.verifiedInstructions()),
        a.missed() + b.missed());
  }

  @Override
  public void detach() {
    begins.forEach(Program::close);
    begins.clear();
    ends.forEach(Program::close);
    ends.clear();
  }
}
