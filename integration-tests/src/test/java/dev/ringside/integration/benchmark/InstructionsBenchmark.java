package dev.ringside.integration.benchmark;

import dev.ringside.integration.workload.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// What a whole machine executes for one open and one exec that are observed.
final class InstructionsBenchmark implements Benchmark {
  private static final int OPENS = 8_000;
  private static final int EXECS = 300;
  private static final int ROUNDS = 3;

  /// At most so many rounds of each operation, if the compilers are not done before.
  private static final int WARMUPS = 12;

  /// Ringside is settled when its JVM's compilers do less than this part of the work. What they do
  /// is in its figures.
  private static final double COMPILING = 0.1;

  /// Half of it on a machine that does nothing else.
  private static final Duration IN_GUEST = Duration.ofMinutes(10);

  /// Threads that do less than so much for an operation are not worth a line.
  private static final double LEAST_SHOWN = 50;

  /// Where `lab/benchmark-in-guest` keeps what it opens and executes.
  private static final String OPENED = "/dev/shm/the-file-that-is-opened";

  private static final String EXECUTED = "/dev/shm/target";

  @Override
  public String name() {
    return "instructions";
  }

  @Override
  public String title() {
    return "Instructions added to an open and to an exec, on the whole machine";
  }

  @Override
  public String what() {
    return """
    In an emulated machine with one processor (kernel %s), whose clock counts instructions, a program opens and \
    closes a file in memory %s times as fast as it can, and executes a static program %s times. Counted is \
    everything that is executed from the first operation until what follows from the last is done, by the kernel, \
    the observer and whoever is woken, divided by the number of operations, less the same without an observer. \
    Ringside runs as it is packaged with both receivers, watches everything, and is warmed up with at most %s \
    rounds, until its JVM's compilers do less than a tenth of the work; all records go out over OTLP/HTTP to \
    a receiver in the same guest, whose own instructions are not counted, but shown.\
    """
        .formatted(CountingGuest.KERNEL, Figures.text(OPENS), Figures.text(EXECS), WARMUPS);
  }

  @Override
  public String peer() {
    return "`opensnoop` and `execsnoop` (libbpf-tools), and `bpftrace` with its `opensnoop.bt`; they watch"
        + " everything and write lines to a file in memory.";
  }

  @Override
  public Duration limit() {
    return IN_GUEST.plusMinutes(2);
  }

  @Override
  public Result run(Path directory) throws Exception {
    var guest = new CountingGuest(directory);
    Programs.target();
    var report =
        guest.run(
            "benchmark-in-guest",
            IN_GUEST,
            Map.of("OPENS", OPENS, "EXECS", EXECS, "ROUNDS", ROUNDS, "WARMUPS", WARMUPS));
    var result = new Result();
    var missing = new ArrayList<String>();
    for (var operation : List.of("opens", "execs")) {
      var table =
          Table.of(
              "Observer",
              "instructions added",
              "operations",
              "records that arrived",
              "receiver's instructions");
      var ours = report.added("ringside", operation, ROUNDS);
      if (ours == null)
        throw new AssertionError("Ringside gave no figures in the guest:\n" + guest.said());
      long operations = (long) ROUNDS * (operation.equals("opens") ? OPENS : EXECS);
      long delivered = delivered(directory, operation);
      table.row(
          "Ringside",
          ours,
          operations,
          delivered,
          Spread.of(report.receiver("ringside", operation)));
      var best = OptionalDouble.empty();
      for (var peer : peers(operation)) {
        var theirs = report.added(peer, operation, ROUNDS);
        if (theirs == null) {
          missing.add("`" + peer + "`: it did not run in the guest, or is not installed");
          continue;
        }
        table.row("`" + peer + "`", theirs, operations, report.records(peer, operation), "–");
        if (best.isEmpty() || theirs.median() < best.getAsDouble())
          best = OptionalDouble.of(theirs.median());
      }
      double compilers = report.compilers("ringside", operation);
      if (compilers > COMPILING * ours.median()) {
        missing.add(
            "a goal for %s: Ringside was still being compiled in its rounds, %s instructions for each"
                .formatted(operation, Figures.text(compilers)));
        best = OptionalDouble.empty();
      }
      judge(result, operation, ours, best, operations, delivered);
      result.note(
          "Per "
              + operation.substring(0, operation.length() - 1)
              + ", unobserved "
              + Figures.text(report.unobserved(operation))
              + " instructions:");
      result.table(table);
      result.table(threads(report, operation));
    }
    result.note(
        "A peer that loses records does less work for them: its figure flatters it. An exec is two records of"
            + " Ringside's, of which the first is counted here; the other one says how the program ended. The emulated processor is `"
            + CountingGuest.PROCESSOR
            + "`: fast string instructions would count once for each byte that they copy.");
    missing.forEach(result::notMeasured);
    return result.notMeasured(
        "cache misses and what an interrupt or an exception takes on hardware: an instruction is an"
            + " instruction here");
  }

  /// Where the instructions went. What is left of the sum ran in the threads that were observed and
  /// in the kernel's own.
  private static Table threads(GuestReport report, String operation) {
    var table = Table.of("Of Ringside's, in the thread", "instructions");
    report
        .threads("ringside", operation)
        .forEach((thread, work) -> {
          if (work >= LEAST_SHOWN) table.row("`" + thread + "`", Figures.text(work));
        });
    return table;
  }

  private static List<String> peers(String operation) {
    return operation.equals("opens") ? List.of("opensnoop", "bpftrace") : List.of("execsnoop");
  }

  private static void judge(
      Result result,
      String operation,
      Spread ours,
      OptionalDouble best,
      long operations,
      long delivered) {
    if (best.isPresent())
      result.verdict(
          Verdict.atMost(
              best.getAsDouble(),
              ours.median(),
              "fewer per " + operation.substring(0, operation.length() - 1) + " than the best peer",
              "%s against %s"
                  .formatted(Figures.text(ours.median()), Figures.text(best.getAsDouble()))));
    result.verdict(
        new Verdict(
            delivered == operations,
            "every record of " + operation + " delivered",
            "%s of %s".formatted(Figures.text(delivered), Figures.text(operations))));
  }

  private static long delivered(Path directory, String operation) throws IOException {
    var file = directory.resolve("received-" + operation);
    return operation.equals("opens")
        ? ReceivedFile.records(file, "ringside.file.open", "file.path", OPENED)
        : ReceivedFile.records(file, "ringside.process.exec", "process.executable.path", EXECUTED);
  }
}
