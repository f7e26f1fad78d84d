package dev.ringside.integration.benchmark;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// What a script of `lab/` says that counts instructions in a guest.
record GuestReport(String text) {
  private static final Pattern ROUND =
      Pattern.compile("(?m)^(\\w+) (\\w+) round (\\d+) work ([\\d.]+) receiver (-?[\\d.]+)$");
  private static final Pattern THREAD =
      Pattern.compile("(?m)^(\\w+) (\\w+) thread (\\S+) work (-?[\\d.]+)$");
  private static final Pattern RECORDS = Pattern.compile("(?m)^(\\w+) (\\w+) records (\\d+)$");

  /// Instructions of the whole machine for one operation, round by round, without the receiver's.
  List<Double> work(String observer, String operation) {
    return rounds(observer, operation, m -> Double.parseDouble(m.group(4)));
  }

  /// What an observer added to the unobserved operation, whose median it is held against; null when
  /// not all its rounds were run.
  Spread added(String observer, String operation, int rounds) {
    var work = work(observer, operation);
    if (work.size() != rounds) return null;
    double unobserved = unobserved(operation);
    return Spread.of(work.stream().map(instructions -> instructions - unobserved).toList());
  }

  double unobserved(String operation) {
    return Spread.of(work("nobody", operation)).median();
  }

  /// Instructions of processes that are not counted for one operation: the receiver of records, and
  /// an observer's own where it has nothing to do for an operation.
  List<Double> receiver(String observer, String operation) {
    return rounds(observer, operation, m -> Double.parseDouble(m.group(5)));
  }

  private List<Double> rounds(
      String observer, String operation, Function<MatchResult, Double> figure) {
    return ROUND
        .matcher(text)
        .results()
        .filter(m -> m.group(1).equals(observer) && m.group(2).equals(operation))
        .map(figure)
        .toList();
  }

  /// Instructions of an observer's threads for one operation, by the thread's name, most first.
  Map<String, Double> threads(String observer, String operation) {
    var threads = new LinkedHashMap<String, Double>();
    THREAD
        .matcher(text)
        .results()
        .filter(m -> m.group(1).equals(observer) && m.group(2).equals(operation))
        .sorted(Comparator.comparingDouble((MatchResult m) -> -Double.parseDouble(m.group(4))))
        .forEach(m -> threads.put(m.group(3), Double.parseDouble(m.group(4))));
    return threads;
  }

  /// Instructions of an observer's just-in-time compilers for one operation.
  double compilers(String observer, String operation) {
    return threads(observer, operation).entrySet().stream()
        .filter(thread -> thread.getKey().contains("_Compiler"))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  /// Lines that a peer wrote about operations; 0 when it did not run.
  long records(String observer, String operation) {
    return RECORDS
        .matcher(text)
        .results()
        .filter(m -> m.group(1).equals(observer) && m.group(2).equals(operation))
        .mapToLong(m -> Long.parseLong(m.group(3)))
        .sum();
  }
}
