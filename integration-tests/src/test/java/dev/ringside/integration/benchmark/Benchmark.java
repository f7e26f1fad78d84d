package dev.ringside.integration.benchmark;

import java.nio.file.Path;
import java.time.Duration;

/// One thing that is measured, beside a peer that does the same in the same run.
///
/// It runs unattended on a machine that it shares: it observes and loads only what it starts
/// itself, ends in time, and leaves nothing behind, also when its thread is interrupted. What it
/// needs and does not find is said by an aborted test (JUnit's assumptions), as in tests.
public interface Benchmark {
  /// As on the command line: short, lower case.
  String name();

  /// The heading of its section.
  String title();

  /// What is measured and how, and whose costs are not counted. Markdown.
  String what();

  /// What runs beside it, doing the same. Markdown.
  String peer();

  /// How long it may take; then it is interrupted.
  default Duration limit() {
    return Duration.ofMinutes(5);
  }

  /// Runs it.
  ///
  /// @param directory an empty one, for its files; removed afterwards
  /// @throws Exception when it could not be measured; the page then says so, and why
  Result run(Path directory) throws Exception;
}
