package dev.ringside.bpf;

import dev.ringside.bpf.UserFunctionsNeed.Mechanism;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The functions of a [UserFunctionsNeed] with programs attached to them, each by the first way
/// that the kernel accepted for it.
final class WatchedUserFunctions {
  /// Where a function is looked for, which may fail as well.
  private static final Way BY_NAME = Way.by("name");

  private static final BpfException NO_COOKIES =
      new BpfException("this kernel tells programs no cookies (since 5.15)", 0);

  private final UserFunctionsNeed need;
  private final List<Way> ways = new ArrayList<>();
  private final List<UserFunctionHooks> hooks = new ArrayList<>();
  private final Map<Integer, Way> holding = new LinkedHashMap<>();
  private final Map<Integer, List<AttachPlan.Refusal>> refusals = new LinkedHashMap<>();

  /// @param cookies whether the programs that ask for a cookie are loaded; else those to be copied
  WatchedUserFunctions(LoadedObject object, UserFunctionsNeed need, boolean cookies) {
    this.need = need;
    try {
      if (cookies) {
        attach(Mechanism.MULTI, new UprobeMultiHooks(object, need.byCookie()));
        attach(Mechanism.EVENT, new UprobeHooks(object, need.byCookie(), true));
      } else {
        attach(Mechanism.COPY, new UprobeHooks(object, need.byCopy(), false));
      }
    } catch (RuntimeException e) {
      detach();
      throw e;
    }
  }

  private void attach(Mechanism mechanism, UserFunctionHooks by) {
    var way = Way.by(mechanism.mechanism());
    var open = new LinkedHashMap<Integer, UserFunction>();
    for (int number = 0; number < need.functions().size(); number++) {
      if (!holding.containsKey(number)) open.put(number, need.functions().get(number));
    }
    if (open.isEmpty()) return;
    if (!need.mechanisms().contains(mechanism)) {
      if (mechanism != Mechanism.COPY) return;
      // What was asked for needs cookies, and these programs were loaded since there are none.
      ways.add(way);
      open.forEach((number, function) -> refused(number, function, way, NO_COOKIES));
      return;
    }
    ways.add(way);
    hooks.add(by);
    var refused = by.attach(open);
    open.forEach((number, function) -> {
      var refusal = refused.get(number);
      if (refusal == null) holding.put(number, way);
      else refused(number, function, way, refusal);
    });
  }

  private void refused(int number, UserFunction function, Way way, BpfException said) {
    refusals
        .computeIfAbsent(number, n -> new ArrayList<>())
        .add(
            new AttachPlan.Refusal(
                way,
                function.file(),
                said.errno(),
                String.valueOf(said.getMessage()),
                Advice.on(way, said.errno())));
  }

  boolean isEmpty() {
    return holding.isEmpty();
  }

  /// One for each function that was asked for.
  List<AttachPlan.Step> steps() {
    var tried = ways.toArray(Way[]::new);
    var steps = new ArrayList<AttachPlan.Step>();
    for (int number = 0; number < need.functions().size(); number++) {
      var name = need.functions().get(number).label();
      var holds = Optional.ofNullable(holding.get(number));
      var refused = refusals.getOrDefault(number, List.of());
      steps.add(new AttachPlan.Step(Need.optional(name, tried), holds, refused));
    }
    need.unknown()
        .forEach((name, why) -> {
          var refusal = new AttachPlan.Refusal(BY_NAME, name, 0, why, "");
          steps.add(
              new AttachPlan.Step(
                  Need.optional(name, BY_NAME), Optional.empty(), List.of(refusal)));
        });
    return steps;
  }

  List<ProgramStatistics> statistics() {
    return hooks.stream().flatMap(h -> h.statistics().stream()).toList();
  }

  void detach() {
    hooks.forEach(UserFunctionHooks::detach);
  }
}
