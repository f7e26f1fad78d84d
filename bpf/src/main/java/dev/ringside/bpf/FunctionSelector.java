package dev.ringside.bpf;

import dev.ringside.bpf.FunctionVerdict.Obstacle;
import dev.ringside.bpf.FunctionVerdict.Unwatchable;
import dev.ringside.bpf.FunctionVerdict.Watchable;
import dev.ringside.bpf.Selection.Refused;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;

/// Goes through patterns one after the other, and through a catalogue for each.
final class FunctionSelector {
  private static final String NOT_LOADED =
      "cannot be found: no module %s is loaded, and the kernel itself has no such function";

  private final FunctionCatalogue catalogue;
  private final SequencedSet<KernelFunction> functions = new LinkedHashSet<>();
  private final List<Refused> refused = new ArrayList<>();
  private final Map<String, Integer> leftOut = new LinkedHashMap<>();

  FunctionSelector(FunctionCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  Selection selection() {
    return new Selection(List.copyOf(functions), refused, leftOut);
  }

  void add(String text) {
    if (catalogue.isEmpty()) {
      refuse(
          text,
          "cannot be looked for: neither /sys/kernel/btf/vmlinux nor /proc/kallsyms can be read",
          List.of());
      return;
    }
    try {
      switch (FunctionPattern.of(text)) {
        case FunctionPattern.Exact(var module, var name) ->
            take(text, module.isPresent() ? judge(name, module.get()) : judge(name));
        case FunctionPattern.Many many -> addMany(text, many);
        case FunctionPattern.Preset(var name) -> addPreset(text, name);
      }
    } catch (IllegalArgumentException e) {
      refuse(text, "cannot be understood: " + e.getMessage(), List.of());
    }
  }

  private FunctionVerdict judge(String name, String module) {
    if (catalogue.isLoaded(module)) return catalogue.judge(name, module);
    // It may be built in.
    return catalogue.modulesOf(name).contains("")
        ? catalogue.judge(name, "")
        : new Unwatchable(
            Obstacle.ABSENT, NOT_LOADED.formatted(module), catalogue.modulesLike(module));
  }

  private FunctionVerdict judge(String name) {
    var modules = catalogue.modulesOf(name);
    if (modules.isEmpty() || modules.contains("")) return catalogue.judge(name, "");
    if (modules.size() == 1) return catalogue.judge(name, modules.getFirst());
    return new Unwatchable(
        Obstacle.AMBIGUOUS,
        "is in several modules",
        modules.stream().limit(5).map(m -> m + ":" + name).toList());
  }

  private void take(String text, FunctionVerdict verdict) {
    switch (verdict) {
      case Watchable(var function) -> functions.add(function);
      case Unwatchable not -> refuse(text, not.reason(), not.nearest());
    }
  }

  private void addMany(String text, FunctionPattern.Many many) {
    var module = many.modules().text();
    boolean isThere = Glob.isOne(module) || catalogue.isLoaded(module);
    // It may be built in. A glob that begins with a star would then mean the whole kernel.
    boolean builtIn = !isThere && !many.begin().isEmpty();
    var reached = reach(builtIn ? new Glob("") : many.modules(), many);
    if (!reached.isEmpty()) addAll(text, reached.values());
    else if (isThere)
      refuse(text, "matches no function of this kernel", catalogue.beginningLike(many.begin()));
    else refuse(text, NOT_LOADED.formatted(module), catalogue.modulesLike(module));
  }

  /// The verdicts on all functions that a pattern matches, by name.
  private Map<String, FunctionVerdict> reach(Glob modules, FunctionPattern.Many many) {
    var names = catalogue.names();
    var begin = many.begin().getBytes(StandardCharsets.UTF_8);
    var reached = new TreeMap<String, FunctionVerdict>();
    for (int number = 0; number < names.count(); number++) {
      var module = catalogue.module(number);
      if (!names.startsWith(number, begin) || !modules.test(module)) continue;
      var name = names.name(number);
      // Variants that a compiler made are only taken by their whole names.
      if (name.indexOf('.') >= 0 || !many.names().test(name)) continue;
      reached.computeIfAbsent(name + " " + module, n -> amongMany(name, module));
    }
    return reached;
  }

  /// Of many functions those are left out that only kprobes can watch, where others of the module
  /// do better: one of them would decide for all.
  private FunctionVerdict amongMany(String name, String module) {
    var verdict = catalogue.judge(name, module);
    boolean onlyKprobes = verdict instanceof Watchable(var function) && function.typeId() == 0;
    return onlyKprobes && catalogue.hasTypes(module)
        ? new Unwatchable(Obstacle.NO_TYPES, Obstacle.NO_TYPES.summary(), List.of())
        : verdict;
  }

  private void addPreset(String text, String name) {
    var presets = FunctionLists.presets();
    if (!presets.containsKey(name)) {
      refuse(text, "is no preset", presets.keySet().stream().map(p -> "preset:" + p).toList());
      return;
    }
    var reached = new ArrayList<FunctionVerdict>();
    for (var member : presets.get(name)) {
      for (var module : catalogue.modulesOf(member)) reached.add(amongMany(member, module));
    }
    if (reached.isEmpty()) refuse(text, "has no function that is in this kernel", List.of());
    else addAll(text, reached);
  }

  private void addAll(String text, Collection<FunctionVerdict> reached) {
    var obstacles = new LinkedHashMap<String, Integer>();
    for (var verdict : reached) {
      switch (verdict) {
        case Watchable(var function) -> functions.add(function);
        case Unwatchable not -> obstacles.merge(not.obstacle().summary(), 1, Integer::sum);
      }
    }
    obstacles.forEach((summary, n) -> leftOut.merge(summary, n, Integer::sum));
    if (reached.stream().noneMatch(Watchable.class::isInstance))
      refuse(text, "matches only what cannot be watched: " + counted(obstacles), List.of());
  }

  private void refuse(String text, String reason, List<String> nearest) {
    refused.add(new Refused(text, reason, nearest));
  }

  private static String counted(Map<String, Integer> obstacles) {
    return String.join(
        ", ", obstacles.entrySet().stream().map(e -> e.getValue() + " " + e.getKey()).toList());
  }
}
