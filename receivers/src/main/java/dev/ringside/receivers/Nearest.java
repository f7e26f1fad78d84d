package dev.ringside.receivers;

import dev.ringside.bpf.NearestNames;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// Finds what somebody probably meant to type.
public final class Nearest {
  private Nearest() {}

  /// The known name nearest to a misspelt one, unless even that is too far away to be meant.
  public static Optional<String> to(String wrong, Collection<String> known) {
    String nearest = null;
    int least = Integer.MAX_VALUE;
    for (var name : known) {
      int distance = NearestNames.edits(wrong.toLowerCase(Locale.ROOT).replace('-', '_'), name);
      if (distance < least) {
        least = distance;
        nearest = name;
      }
    }
    if (nearest == null) return Optional.empty();
    int meant = (Math.min(wrong.length(), nearest.length()) + 2) / 3;
    return least <= meant ? Optional.of(nearest) : Optional.empty();
  }

  /// `; did you mean x?`, or nothing.
  public static String hint(String wrong, Collection<String> known) {
    return to(wrong, known).map(name -> "; did you mean " + name + "?").orElse("");
  }

  /// `; did you mean x? Allowed: x, y`, or just `; allowed: x, y`.
  public static String among(String wrong, Collection<String> known) {
    return allowed(hint(wrong, known), String.join(", ", known));
  }

  /// A hint, if there is one, and what is allowed.
  public static String allowed(String hint, String allowed) {
    return hint.isEmpty() ? "; allowed: " + allowed : hint + " Allowed: " + allowed;
  }
}
