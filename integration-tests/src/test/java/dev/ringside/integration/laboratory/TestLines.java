package dev.ringside.integration.laboratory;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/// A line for each test as it ends, so that somebody who watches knows how far it is.
final class TestLines implements TestExecutionListener {
  private final PrintWriter out;
  private final Map<TestIdentifier, Long> begun = new HashMap<>();

  TestLines(PrintWriter out) {
    this.out = out;
  }

  @Override
  public synchronized void executionStarted(TestIdentifier test) {
    begun.put(test, System.nanoTime());
  }

  @Override
  public synchronized void executionSkipped(TestIdentifier test, String reason) {
    out.printf("skipped       %s: %s%n", name(test), reason);
  }

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    var outcome = result.getStatus();
    // A container, a class for example, is of interest only when its own set-up ends it.
    if (!test.isTest() && outcome == TestExecutionResult.Status.SUCCESSFUL) return;
    var took = Duration.ofNanos(System.nanoTime() - begun.get(test));
    var word =
        switch (outcome) {
          case SUCCESSFUL -> "passed";
          case ABORTED -> "skipped";
          case FAILED -> "FAILED";
        };
    var why = result.getThrowable().map(t -> ": " + t).orElse("");
    out.printf("%-7s %4.1f s  %s%s%n", word, took.toMillis() / 1e3, name(test), why);
    if (outcome == TestExecutionResult.Status.FAILED)
      result.getThrowable().ifPresent(t -> t.printStackTrace(out));
  }

  private static String name(TestIdentifier test) {
    return switch (test.getSource().orElse(null)) {
      case MethodSource m -> simple(m.getClassName()) + "." + test.getDisplayName();
      case ClassSource c -> simple(c.getClassName());
      case null, default -> test.getDisplayName();
    };
  }

  private static String simple(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }
}
