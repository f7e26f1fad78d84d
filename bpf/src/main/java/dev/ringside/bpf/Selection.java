package dev.ringside.bpf;

import java.util.List;
import java.util.Map;

/// What became of a list of patterns: the functions to watch, and what cannot be, with reasons.
///
/// @param functions each once, in the order of the patterns that named them first; those of one
///   glob by name
/// @param refused patterns that select nothing
/// @param leftOut functions that a glob, a regular expression or a preset reaches and that cannot
///   or should not be watched: how many for each reason
public record Selection(
    List<KernelFunction> functions, List<Refused> refused, Map<String, Integer> leftOut) {
  public Selection {
    functions = List.copyOf(functions);
    refused = List.copyOf(refused);
    leftOut = Map.copyOf(leftOut);
  }

  /// @param pattern as it was given
  /// @param reason why it selects nothing, a sentence without its beginning: `is not in this
  ///   kernel`
  /// @param nearest at most five names that may be meant, the likeliest first
  public record Refused(String pattern, String reason, List<String> nearest) {
    public Refused {
      nearest = List.copyOf(nearest);
    }

    @Override
    public String toString() {
      return pattern + " " + reason + NearestNames.hint(nearest);
    }
  }
}
