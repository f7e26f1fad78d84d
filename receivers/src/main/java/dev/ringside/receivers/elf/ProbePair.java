package dev.ringside.receivers.elf;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Two static probes that mark where something begins and where it ends, by their names:
/// `gc__begin` and `gc__end` (two underscores are a hyphen to SystemTap).
///
/// @param name what both have in common: `gc`
record ProbePair(String name, String begin, String end) {
  private static final List<List<String>> ENDINGS =
      List.of(
          List.of("begin", "end"),
          List.of("entry", "return"),
          List.of("entry", "exit"),
          List.of("enter", "exit"),
          List.of("enter", "leave"),
          List.of("start", "end"),
          List.of("start", "done"),
          List.of("start", "stop"),
          List.of("start", "finish"),
          List.of("start", "complete"));
  private static final List<String> SEPARATORS = List.of("__", "_", "-", "");

  /// The pair that a name begins, or that it is the common part of.
  ///
  /// @param known the names of the provider's probes
  static Optional<ProbePair> of(String name, Set<String> known) {
    for (var endings : ENDINGS) {
      for (var separator : SEPARATORS) {
        var begin = separator + endings.get(0);
        var stem = name.endsWith(begin) ? name.substring(0, name.length() - begin.length()) : name;
        var pair = new ProbePair(stem, stem + begin, stem + separator + endings.get(1));
        if (!stem.isEmpty() && known.contains(pair.begin) && known.contains(pair.end))
          return Optional.of(pair);
      }
    }
    return Optional.empty();
  }
}
