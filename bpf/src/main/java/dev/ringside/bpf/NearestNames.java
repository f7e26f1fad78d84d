package dev.ringside.bpf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/// The names that somebody may have meant.
public final class NearestNames {
  private static final int MOST = 5;

  /// Begins a name: the same with something behind it, or in front of it.
  private static final int LONGER = 10;

  /// Begins alike, and goes on otherwise.
  private static final int ALIKE = 1000;

  private static final int FAR = Integer.MAX_VALUE;

  private record Near(String name, int distance) {}

  private NearestNames() {}

  /// `; did you mean a, b?`, or nothing.
  public static String hint(String meant, Iterable<String> names) {
    return hint(to(meant, names, name -> true));
  }

  static String hint(List<String> nearest) {
    return nearest.isEmpty() ? "" : "; did you mean " + String.join(", ", nearest) + "?";
  }

  /// @param fits asked for the nearest only, the nearest first
  static List<String> to(String meant, Iterable<String> names, Predicate<String> fits) {
    return nearest(names, fits, name -> name.equals(meant) ? FAR : distance(meant, name));
  }

  /// Names whose beginning may be meant.
  static List<String> beginningLike(String begin, Iterable<String> names, Predicate<String> fits) {
    return nearest(
        names,
        fits,
        name -> {
          int edits = edits(begin, name.substring(0, Math.min(begin.length(), name.length())));
          return edits <= begin.length() / 3 ? edits : FAR;
        });
  }

  private static List<String> nearest(
      Iterable<String> names, Predicate<String> fits, ToIntFunction<String> distance) {
    var near = new ArrayList<Near>();
    for (var name : names) {
      int away = distance.applyAsInt(name);
      if (away < FAR) near.add(new Near(name, away));
    }
    near.sort(Comparator.comparingInt(Near::distance).thenComparing(Near::name));
    return near.stream().map(Near::name).distinct().filter(fits).limit(MOST).toList();
  }

  private static int distance(String meant, String name) {
    int limit = Math.clamp(meant.length() / 5, 1, 3);
    if (Math.abs(meant.length() - name.length()) <= limit) {
      int edits = edits(meant, name);
      if (edits <= limit) return edits;
    }
    int longer = name.length() - meant.length();
    if (name.startsWith(meant) || name.endsWith("_" + meant)) return LONGER + longer;
    int common = 0;
    while (common < Math.min(meant.length(), name.length())
        && meant.charAt(common) == name.charAt(common)) common++;
    if (common < 4 || 5 * common < 3 * meant.length()) return FAR;
    return ALIKE - 10 * common + name.length();
  }

  /// Characters to insert, drop, replace, or swap with their neighbour (optimal string alignment).
  public static int edits(String a, String b) {
    var before = new int[b.length() + 1];
    var last = new int[b.length() + 1];
    var row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) last[j] = j;
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        row[j] = Math.min(last[j - 1] + (same ? 0 : 1), Math.min(last[j], row[j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      var free = before;
      before = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }
}
