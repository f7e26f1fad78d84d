package dev.ringside.receivers;

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
      int distance = distance(wrong.toLowerCase(Locale.ROOT).replace('-', '_'), name);
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

  /// Damerau-Levenshtein distance in its optimal string alignment form: insertions, deletions,
  /// substitutions and swaps of neighbours, each at cost 1.
  static int distance(String a, String b) {
    var rows = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) rows[i][0] = i;
    for (int j = 0; j <= b.length(); j++) rows[0][j] = j;
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1);
        best = Math.min(best, rows[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) best = Math.min(best, rows[i - 2][j - 2] + 1);
        rows[i][j] = best;
      }
    }
    return rows[a.length()][b.length()];
  }
}
