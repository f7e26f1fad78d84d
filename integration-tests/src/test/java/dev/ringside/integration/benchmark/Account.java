package dev.ringside.integration.benchmark;

import java.util.List;
import java.util.regex.Pattern;

/// What became of the records of one run, as the observer itself says at its end.
///
/// @param produced what it says it had to report
/// @param delivered what arrived at the other side: counted there, not by the observer
/// @param lost what it says it lost
/// @param leftOut runs of its programs that the kernel left out, as it says; each may have been a
///   record
record Account(long produced, long delivered, long lost, long leftOut) {
  private static final Pattern LOST = Pattern.compile("(?i)lost (\\d+) events.*");

  /// From the table that Ringside prints at its end.
  static Account ofRingside(String receiver, List<String> said, long delivered) {
    var row = Pattern.compile(receiver + " +(\\d+) +(\\d+) +(\\d+).*");
    return said.stream()
        .map(row::matcher)
        .filter(m -> m.matches())
        .map(m ->
            new Account(
                Long.parseLong(m.group(1)),
                delivered,
                Long.parseLong(m.group(3)),
                leftOut(receiver, said)))
        .findFirst()
        .orElseThrow(() ->
            new AssertionError("no account of " + receiver + " in:\n" + String.join("\n", said)));
  }

  private static long leftOut(String receiver, List<String> said) {
    var line = Pattern.compile(receiver + ": the kernel left out (\\d+) runs .*");
    return said.stream()
        .map(line::matcher)
        .filter(m -> m.matches())
        .mapToLong(m -> Long.parseLong(m.group(1)))
        .sum();
  }

  /// libbpf-tools say on the way how many events a buffer had no room for, if they know it.
  static Account ofPeer(List<String> said, long delivered) {
    long lost =
        said.stream()
            .map(LOST::matcher)
            .filter(m -> m.matches())
            .mapToLong(m -> Long.parseLong(m.group(1)))
            .sum();
    return new Account(delivered + lost, delivered, lost, 0);
  }

  /// What is missing and nobody speaks of, given what really happened.
  long uncounted(long happened) {
    long missing = happened - delivered - lost;
    return missing - Math.clamp(missing, 0, leftOut);
  }
}
