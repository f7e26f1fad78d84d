package dev.ringside.bpf;

import static java.util.stream.Collectors.toMap;

import dev.ringside.bpf.FunctionWay.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The functions of a [FunctionsNeed] with programs attached to them, each by the first way that
/// the kernel accepted for it.
final class WatchedFunctions {
  private final FunctionsNeed need;
  private final Map<Kind, FunctionHooks> hooks = new EnumMap<>(Kind.class);
  private final Map<Integer, FunctionWay> holding = new LinkedHashMap<>();
  private final Map<Integer, List<AttachPlan.Refusal>> refusals = new LinkedHashMap<>();

  /// @param usable the ways whose programs are loaded
  WatchedFunctions(LoadedObject object, FunctionsNeed need, List<FunctionWay> usable) {
    this.need = need;
    try {
      for (var way : usable) attach(object, way);
    } catch (RuntimeException e) {
      detach();
      throw e;
    }
  }

  private void attach(LoadedObject object, FunctionWay way) {
    var open = new LinkedHashMap<Integer, KernelFunction>();
    for (int number = 0; number < need.functions().size(); number++) {
      var function = need.functions().get(number);
      if (holding.containsKey(number)) continue;
      var obstacle = way.kind().obstacle(function);
      if (obstacle.isEmpty()) open.put(number, function);
      else refuse(number, way, new BpfException(obstacle.get(), 0));
    }
    if (open.isEmpty()) return;
    var refused = attach(object, way, open);
    for (int number : open.keySet()) {
      var refusal = refused.get(number);
      if (refusal == null) holding.put(number, way);
      else refuse(number, way, refusal);
    }
  }

  private void refuse(int number, FunctionWay way, BpfException said) {
    refusals.computeIfAbsent(number, n -> new ArrayList<>()).add(refusal(way, said));
  }

  private Map<Integer, BpfException> attach(
      LoadedObject object, FunctionWay way, Map<Integer, KernelFunction> functions) {
    try {
      var by = new FunctionPrograms(object).of(way);
      hooks.put(way.kind(), by);
      return by.attach(functions);
    } catch (BpfException e) {
      // Not even its programs are to be had.
      return functions.keySet().stream().collect(toMap(number -> number, number -> e));
    }
  }

  /// What the verifier says speaks for itself.
  private static AttachPlan.Refusal refusal(FunctionWay way, BpfException said) {
    var message = String.valueOf(said.getMessage());
    boolean isExplained = !message.endsWith(Native.message(said.errno()));
    return new AttachPlan.Refusal(
        way.way(),
        way.entry(),
        said.errno(),
        message,
        isExplained ? "" : Advice.on(way.way(), said.errno()));
  }

  boolean isEmpty() {
    return holding.isEmpty();
  }

  /// One for each function, and for each that is gone without.
  List<AttachPlan.Step> steps() {
    var ways = need.ways().stream().map(FunctionWay::way).toArray(Way[]::new);
    var steps = new ArrayList<AttachPlan.Step>();
    for (int number = 0; number < need.functions().size(); number++) {
      var name = need.functions().get(number).name();
      var holds = Optional.ofNullable(holding.get(number)).map(FunctionWay::way);
      steps.add(
          new AttachPlan.Step(
              Need.optional(name, ways), holds, refusals.getOrDefault(number, List.of())));
    }
    need.without()
        .forEach((name, reason) -> {
          var refusal = new AttachPlan.Refusal(Way.by("choosing"), name, 0, reason, "");
          steps.add(
              new AttachPlan.Step(Need.optional(name, ways), Optional.empty(), List.of(refusal)));
        });
    return steps;
  }

  List<ProgramStatistics> statistics() {
    return hooks.values().stream().flatMap(h -> h.statistics().stream()).toList();
  }

  void detach() {
    hooks.values().forEach(FunctionHooks::detach);
  }
}
