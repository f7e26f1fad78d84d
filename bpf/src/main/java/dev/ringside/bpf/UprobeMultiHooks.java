package dev.ringside.bpf;

import static java.util.stream.Collectors.groupingBy;

import dev.ringside.bpf.libbpf.Libbpf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// One link for all functions of a file, by uprobe.multi. It takes all of them or refuses them all.
/// Then halves of them are tried, and halves of those, until it is known who is refused.
final class UprobeMultiHooks implements UserFunctionHooks {
  /// So many refused one by one, with none accepted before, and the rest is not tried.
  private static final int ENOUGH = 3;

  private final LoadedObject object;
  private final UserFunctionPrograms programs;

  /// Descriptors of copies that are loaded for this kind of link, by the program's name.
  private final Map<String, Integer> loaded = new LinkedHashMap<>();

  private final List<Integer> begins = new ArrayList<>();
  private final List<Integer> ends = new ArrayList<>();

  UprobeMultiHooks(LoadedObject object, UserFunctionPrograms programs) {
    this.object = object;
    this.programs = programs;
  }

  @Override
  public Map<Integer, BpfException> attach(Map<Integer, UserFunction> functions) {
    var refused = new LinkedHashMap<Integer, BpfException>();
    var untried = new ArrayDeque<TreeMap<Integer, UserFunction>>();
    alike(functions).forEach(untried::add);
    while (!untried.isEmpty()) attachSome(untried, refused);
    return refused;
  }

  /// Those that can share a link.
  private static List<TreeMap<Integer, UserFunction>> alike(Map<Integer, UserFunction> functions) {
    var byFile =
        functions.entrySet().stream()
            .collect(groupingBy(e -> e.getValue().isReturning() + e.getValue().file()));
    return byFile.values().stream()
        .map(entries -> {
          var some = new TreeMap<Integer, UserFunction>();
          entries.forEach(e -> some.put(e.getKey(), e.getValue()));
          return some;
        })
        .toList();
  }

  private void attachSome(
      Deque<TreeMap<Integer, UserFunction>> untried, Map<Integer, BpfException> refused) {
    var some = untried.pop();
    try {
      attachAll(some);
    } catch (BpfException e) {
      if (some.size() == 1 || begins.isEmpty() && refused.size() >= ENOUGH) {
        some.keySet().forEach(number -> refused.put(number, e));
        return;
      }
      int middle = List.copyOf(some.keySet()).get(some.size() / 2);
      untried.push(new TreeMap<>(some.tailMap(middle)));
      untried.push(new TreeMap<>(some.headMap(middle)));
    }
  }

  private void attachAll(Map<Integer, UserFunction> functions) {
    var first = functions.values().iterator().next();
    boolean returns = first.isReturning();
    var file = first.file();
    var begin = places(functions, UserFunction::begins);
    int atEnd =
        returns
            ? BpfLink.toUserFunctions(program(programs.leave()), file, begin, true)
            : BpfLink.toUserFunctions(
                program(programs.end()), file, places(functions, UserFunction::ends), false);
    try {
      int program = program(returns ? programs.enter() : programs.begin());
      begins.add(BpfLink.toUserFunctions(program, file, begin, false));
      ends.add(atEnd);
    } catch (BpfException e) {
      Libbpf.close(atEnd);
      throw e;
    }
  }

  private static List<BpfLink.Place> places(
      Map<Integer, UserFunction> functions,
      Function<UserFunction, List<UserFunction.Place>> which) {
    var places = new ArrayList<BpfLink.Place>();
    functions.forEach((number, function) -> {
      for (var p : which.apply(function))
        places.add(new BpfLink.Place(p.offset(), p.semaphore(), number));
    });
    return places;
  }

  private int program(String name) {
    return loaded.computeIfAbsent(name, n -> object.pattern(n).as(BpfLink.UPROBE_MULTI).load(0));
  }

  @Override
  public List<ProgramStatistics> statistics() {
    if (begins.isEmpty()) return List.of();
    return loaded.entrySet().stream().map(e -> ProgramInfo.of(e.getKey(), e.getValue())).toList();
  }

  @Override
  public void detach() {
    begins.forEach(Libbpf::close);
    begins.clear();
    ends.forEach(Libbpf::close);
    ends.clear();
    loaded.values().forEach(Libbpf::close);
    loaded.clear();
  }
}
