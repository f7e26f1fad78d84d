package dev.ringside.receivers.elf;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// The names that somebody may have meant.
final class Nearest {
  private static final int MOST = 3;

  private Nearest() {}

  /// `; did you mean a, b?`, or nothing.
  static String hint(String wrong, Collection<String> known) {
    var near = to(wrong, known);
    return near.isEmpty() ? "" : "; did you mean " + String.join(", ", near) + "?";
  }

  /// Those that take few changes of a letter, and those that have all of it in them.
  static List<String> to(String wrong, Collection<String> known) {
    int most = Math.max(1, wrong.length() / 4);
    record Near(String name, int distance) {}
    return known.stream()
        .distinct()
        .filter(name -> Math.abs(name.length() - wrong.length()) <= most || name.contains(wrong))
        .map(name -> new Near(name, distance(wrong, name)))
        .filter(near -> near.distance() <= most || near.name().contains(wrong))
        .sorted(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
        .limit(MOST)
        .map(Near::name)
        .toList();
  }

  /// Levenshtein's: letters to put in, to take out or to replace.
  private static int distance(String a, String b) {
    var last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) last[j] = j;
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = last[0];
      last[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = last[j];
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? diagonal : diagonal + 1;
        last[j] = Math.min(change, Math.min(above, last[j - 1]) + 1);
        diagonal = above;
      }
    }
    return last[b.length()];
  }
}
