package dev.ringside.bpf;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Which ways were tried, which hold, and why better ones do not. Found by loading and attaching.
///
/// @param steps one for each need
/// @param functions one for each function that was to be watched ([FunctionsNeed]), named by it
public record AttachPlan(List<Step> steps, List<Step> functions) {
  public AttachPlan {
    steps = List.copyOf(steps);
    functions = List.copyOf(functions);
  }

  public AttachPlan(List<Step> steps) {
    this(steps, List.of());
  }

  /// The outcome for one need.
  ///
  /// @param need what was wanted
  /// @param holds the way that works, if one does
  /// @param refusals the ways that were tried before it, in order
  public record Step(Need need, Optional<Way> holds, List<Refusal> refusals) {
    public Step {
      refusals = List.copyOf(refusals);
    }
  }

  /// A way that the kernel did not accept.
  ///
  /// @param way what was tried
  /// @param what the program or map concerned
  /// @param errno the kernel's error, or 0 when there was none
  /// @param kernelSaid the error and the last lines of the verifier that mean something
  /// @param advice what that means here and what to do, in our words; may be empty
  public record Refusal(Way way, String what, int errno, String kernelSaid, String advice) {
    @Override
    public String toString() {
      return way.mechanism()
          + ": "
          + what
          + ": "
          + kernelSaid
          + (advice.isEmpty() ? "" : " (" + advice + ")");
    }
  }

  /// How many functions are watched by each mechanism, in the order of the names.
  public Map<String, Long> functionsByMechanism() {
    return functions.stream()
        .flatMap(f -> f.holds().stream())
        .collect(groupingBy(Way::mechanism, TreeMap::new, counting()));
  }

  /// Whether every need is met by its first way, and every function watched by its first.
  public boolean isBest() {
    return Stream.concat(steps.stream(), functions.stream())
        .allMatch(s -> s.holds().isPresent() && s.refusals().isEmpty());
  }
}
