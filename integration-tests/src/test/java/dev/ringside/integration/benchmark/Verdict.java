package dev.ringside.integration.benchmark;

/// A goal, and whether it is met.
///
/// @param goal what was aimed at, as `at most the CPU of opensnoop`
/// @param measured what came out instead or indeed, with figures
public record Verdict(boolean met, String goal, String measured) {

  /// Met when the figure is at most the limit. Both are medians.
  public static Verdict atMost(double limit, double figure, String goal, String measured) {
    return new Verdict(figure <= limit, goal, measured);
  }

  String markdown() {
    return "- **%s**: %s. %s\n".formatted(met ? "met" : "not met", goal, measured);
  }
}
