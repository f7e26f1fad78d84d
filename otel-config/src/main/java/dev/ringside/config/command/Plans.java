package dev.ringside.config.command;

import dev.ringside.bpf.AttachPlan;
import dev.ringside.bpf.Hook;
import dev.ringside.config.tree.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// An attach plan in few words; `doctor` has all of them.
final class Plans {
  private Plans() {}

  /// `file opens by raw tracepoints, start times by task storage`.
  static String held(AttachPlan plan) {
    var parts = new ArrayList<String>();
    for (var step : plan.steps())
      if (!isPattern(step))
        step.holds().ifPresent(way -> parts.add(step.need().name() + " by " + way.mechanism()));
    plan.functionsByMechanism()
        .forEach((mechanism, count) -> parts.add(count + " functions by " + mechanism));
    return String.join(", ", parts);
  }

  /// Whether it only says by which mechanisms functions could be watched.
  private static boolean isPattern(AttachPlan.Step step) {
    return step.need().ways().stream()
        .flatMap(way -> way.attachments().stream())
        .anyMatch(a -> a.hook() instanceof Hook.Pattern);
  }

  /// What runs without, one line each. That functions cannot be watched by one mechanism is only
  /// worth a line when there is one that is not watched at all.
  static List<String> missing(AttachPlan plan) {
    var lines = new ArrayList<String>();
    boolean allWatched = plan.functions().stream().allMatch(f -> f.holds().isPresent());
    for (var step : Stream.concat(plan.steps().stream(), plan.functions().stream()).toList()) {
      if (step.holds().isPresent() || allWatched && isPattern(step)) continue;
      var kind = step.need().required() ? "no way to get " : "without ";
      lines.add(kind + step.need().name() + ":");
      for (var refusal : step.refusals()) lines.add("  " + Printable.of(refusal.toString()));
    }
    return lines;
  }
}
