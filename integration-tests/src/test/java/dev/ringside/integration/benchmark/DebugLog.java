package dev.ringside.integration.benchmark;

import java.util.regex.Pattern;

/// What the Collector of `collector/benchmark.yaml` says of every request.
final class DebugLog {
  private static final Pattern RECORDS = Pattern.compile("\"log records\": (\\d+)");

  private DebugLog() {}

  /// Log records it has received.
  static long records(String log) {
    return RECORDS.matcher(log).results().mapToLong(m -> Long.parseLong(m.group(1))).sum();
  }
}
