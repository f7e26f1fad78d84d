package dev.ringside.bpf;

import java.util.List;
import java.util.Optional;

/// Which ways were tried, which hold, and why better ones do not. Found by loading and attaching.
public record AttachPlan(List<Step> steps) {
  public AttachPlan {
    steps = List.copyOf(steps);
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

  /// Whether every need is met by its first way.
  public boolean isBest() {
    return steps.stream().allMatch(s -> s.holds().isPresent() && s.refusals().isEmpty());
  }
}
