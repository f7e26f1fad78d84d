package dev.ringside.integration.benchmark;

import java.util.List;
import java.util.regex.Pattern;

/// What became of the records of one run, as the observer itself says at its end.
///
/// @param produced what it says it had to report
/// @param delivered what arrived at the other side: counted there, not by the observer
/// @param lost what it says it lost
record Account(long produced, long delivered, long lost) {
  private static final Pattern LOST = Pattern.compile("(?i)lost (\\d+) events.*");

  /// From the table that Ringside prints at its end.
  static Account ofRingside(String receiver, List<String> said, long delivered) {
    var row = Pattern.compile(receiver + " +(\\d+) +(\\d+) +(\\d+).*");
    return said.stream()
        .map(row::matcher)
        .filter(m -> m.matches())
        .map(m -> new Account(Long.parseLong(m.group(1)), delivered, Long.parseLong(m.group(3))))
        .findFirst()
        .orElseThrow(() ->
            new AssertionError("no account of " + receiver + " in:\n" + String.join("\n", said)));
  }

  /// libbpf-tools say on the way how many events a buffer had no room for, if they know it.
  static Account ofPeer(List<String> said, long delivered) {
    long lost =
        said.stream()
            .map(LOST::matcher)
            .filter(m -> m.matches())
            .mapToLong(m -> Long.parseLong(m.group(1)))
            .sum();
    return new Account(delivered + lost, delivered, lost);
  }

  /// What is missing and nobody speaks of, given what really happened.
  long uncounted(long happened) {
    return happened - delivered - lost;
  }
}
