package dev.ringside.integration.benchmark;

import java.util.ArrayList;
import java.util.List;

/// What a benchmark found: goals met and not met, tables, remarks, and what it did not measure.
public final class Result {
  private final List<Verdict> verdicts = new ArrayList<>();
  private final List<String> body = new ArrayList<>();
  private final List<String> notMeasured = new ArrayList<>();

  public Result verdict(Verdict verdict) {
    verdicts.add(verdict);
    return this;
  }

  public Result table(Table table) {
    body.add(table.markdown());
    return this;
  }

  /// A paragraph of Markdown, after what was added before.
  public Result note(String markdown) {
    body.add(markdown.strip() + "\n");
    return this;
  }

  /// Something that a reader could think was measured, and was not; with the reason.
  public Result notMeasured(String what) {
    notMeasured.add(what);
    return this;
  }

  String markdown() {
    var text = new StringBuilder();
    for (var verdict : verdicts) text.append(verdict.markdown());
    for (var part : body) text.append(text.isEmpty() ? "" : "\n").append(part);
    if (notMeasured.isEmpty()) return text.toString();
    text.append("\nNot measured:\n\n");
    for (var what : notMeasured) text.append("- ").append(what).append('\n');
    return text.toString();
  }
}
