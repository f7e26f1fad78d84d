package dev.ringside.integration.benchmark;

import java.util.Map;

/// Whether Ringside adds fewer instructions to an operation than its peers, in a guest where its
/// JVM's compilers may still have been at work.
///
/// @param operation as in the guest's report
/// @param compilers instructions of the compilers that are in `ours`, for one operation
record InstructionsGoal(String operation, Spread ours, double compilers) {
  /// Ringside is settled when its compilers do less than this part of the work.
  private static final double COMPILING = 0.1;

  /// Threads that do less than so much for an operation are not worth a line.
  private static final double LEAST_SHOWN = 50;

  static InstructionsGoal of(GuestReport report, String operation, int rounds) {
    var ours = report.added("ringside", operation, rounds);
    if (ours == null)
      throw new AssertionError("Ringside gave no figures in the guest:\n" + report.text());
    return new InstructionsGoal(operation, ours, report.compilers("ringside", operation));
  }

  /// What its compilers still did is in its figure: it may be the reason for too much, and never
  /// for too little.
  void judge(Result result, String goal, double theirs) {
    if (compilers > COMPILING * ours.median() && ours.median() > theirs) {
      result.notMeasured(
          "whether %s: Ringside was still being compiled in its rounds, %s instructions for each of %s; with them it took %s against %s"
              .formatted(
                  goal,
                  Figures.text(compilers),
                  operation,
                  Figures.text(ours.median()),
                  Figures.text(theirs)));
      return;
    }
    result.verdict(
        Verdict.atMost(
            theirs,
            ours.median(),
            goal,
            "%s against %s".formatted(Figures.text(ours.median()), Figures.text(theirs))));
  }

  /// Where the instructions went. What is left of the sum ran in the threads that were observed and
  /// in the kernel's own.
  static Table threads(GuestReport report, String operation) {
    var table = Table.of("Of Ringside's, in the thread", "instructions");
    for (Map.Entry<String, Double> thread : report.threads("ringside", operation).entrySet()) {
      if (thread.getValue() >= LEAST_SHOWN)
        table.row("`" + thread.getKey() + "`", Figures.text(thread.getValue()));
    }
    return table;
  }
}
