package dev.ringside.receivers.sanitize;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The places that must not be seen, by argument.
final class Redactions {
  private record Range(int from, int to) {}

  private final Map<Integer, List<Range>> ranges = new HashMap<>(0);

  /// Hides a part of a word, by its indexes. An empty part hides nothing.
  void add(Word word, int from, int to) {
    if (from >= to) return;
    ranges
        .computeIfAbsent(word.argument(), a -> new ArrayList<>(2))
        .add(new Range(word.position(from), word.position(to - 1) + 1));
  }

  List<String> apply(List<String> args) {
    if (ranges.isEmpty()) return args;
    var shown = new ArrayList<>(args);
    ranges.forEach((argument, hidden) -> shown.set(argument, hide(args.get(argument), hidden)));
    return shown;
  }

  private static String hide(String text, List<Range> hidden) {
    hidden.sort(Comparator.comparingInt(Range::from));
    var shown = new StringBuilder(text.length());
    int at = 0;
    int last = -1; // where the last hidden part ends, so that neighbours become one
    for (Range range : hidden) {
      if (range.from() > last) {
        shown.append(text, at, range.from()).append(ArgumentSanitizer.REDACTED);
      }
      last = Math.max(last, range.to());
      at = last;
    }
    return shown.append(text, at, text.length()).toString();
  }
}
