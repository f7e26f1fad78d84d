package dev.ringside.integration.benchmark;

import dev.ringside.integration.workload.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/// What a whole machine executes for one open and one exec that are observed.
final class InstructionsBenchmark implements Benchmark {
  private static final int OPENS = 8_000;
  private static final int EXECS = 300;
  private static final int ROUNDS = 3;

  /// At most so many rounds of each operation, if the compilers are not done before.
  private static final int WARMUPS = 30;

  /// How often the rounds are measured, if the compilers went to work in them once more.
  private static final int ATTEMPTS = 5;

  /// Half of it on a machine that does nothing else.
  private static final Duration IN_GUEST = Duration.ofMinutes(15);

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
    closes a file in memory %s times as fast as it can; in another one it executes a static program %s times. Counted is \
    everything that is executed from the first operation until what follows from the last is done, by the kernel, \
    the observer and whoever is woken, divided by the number of operations, less the same without an observer. \
    Ringside runs as it is packaged with both receivers, watches everything, and is warmed up with at most %s \
    rounds, until its JVM's compilers do less than a tenth of the work; where they do more in the rounds that \
    count, it begins anew, up to %s times. All records go out over OTLP/HTTP to a receiver in the same guest, whose own instructions are not counted, but shown.\
    """
        .formatted(
            CountingGuest.KERNEL, Figures.text(OPENS), Figures.text(EXECS), WARMUPS, ATTEMPTS);
  }

  @Override
  public String peer() {
    return "`opensnoop` and `execsnoop` (libbpf-tools), and `bpftrace` with its `opensnoop.bt`; they watch"
        + " everything and write lines to a file in memory.";
  }

  @Override
  public Duration limit() {
    return IN_GUEST.multipliedBy(2).plusMinutes(2);
  }

  @Override
  public Result run(Path directory) throws Exception {
    Programs.target();
    var result = new Result();
    for (var operation : List.of("opens", "execs"))
      run(result, operation, Files.createDirectories(directory.resolve(operation)));
    result.note(
        "A peer that loses records does less work for them: its figure flatters it. An exec is two records of"
            + " Ringside's, of which the first is counted here; the other one says how the program ended. The emulated processor is `"
            + CountingGuest.PROCESSOR
            + "`: fast string instructions would count once for each byte that they copy.");
    return result.notMeasured(
        "cache misses and what an interrupt or an exception takes on hardware: an instruction is an"
            + " instruction here");
  }

  /// In a guest of its own: what one operation leaves to be compiled is not in the other's figures.
  private static void run(Result result, String operation, Path directory)
      throws IOException, InterruptedException {
    int count = operation.equals("opens") ? OPENS : EXECS;
    var report =
        new CountingGuest(directory)
            .run(
                "benchmark-in-guest",
                IN_GUEST,
                Map.of(
                    operation.toUpperCase(Locale.ROOT),
                    count,
                    "ROUNDS",
                    ROUNDS,
                    "WARMUPS",
                    WARMUPS,
                    "ATTEMPTS",
                    ATTEMPTS));
    var goal = InstructionsGoal.of(report, operation, ROUNDS);
    long delivered = delivered(directory, operation);
    var table =
        Table.of(
            "Observer",
            "instructions added",
            "operations",
            "records that arrived",
            "receiver's instructions");
    table.row(
        "Ringside",
        goal.ours(),
        (long) ROUNDS * count,
        delivered,
        Spread.of(report.receiver("ringside", operation)));
    var best = OptionalDouble.empty();
    for (var peer : peers(operation)) {
      var theirs = report.added(peer, operation, ROUNDS);
      if (theirs == null) {
        result.notMeasured("`" + peer + "`: it did not run in the guest, or is not installed");
        continue;
      }
      table.row(
          "`" + peer + "`", theirs, (long) ROUNDS * count, report.records(peer, operation), "–");
      if (best.isEmpty() || theirs.median() < best.getAsDouble())
        best = OptionalDouble.of(theirs.median());
    }
    var one = operation.substring(0, operation.length() - 1);
    if (best.isPresent())
      goal.judge(result, "fewer per " + one + " than the best peer", best.getAsDouble());
    result.verdict(
        new Verdict(
            delivered == (long) ROUNDS * count,
            "every record of " + operation + " delivered",
            "%s of %s".formatted(Figures.text(delivered), Figures.text((long) ROUNDS * count))));
    result.note(
        "Per "
            + one
            + ", unobserved "
            + Figures.text(report.unobserved(operation))
            + " instructions:");
    result.table(table);
    result.table(InstructionsGoal.threads(report, operation));
  }

  private static List<String> peers(String operation) {
    return operation.equals("opens") ? List.of("opensnoop", "bpftrace") : List.of("execsnoop");
  }

  private static long delivered(Path directory, String operation) throws IOException {
    var file = directory.resolve("received-" + operation);
    return operation.equals("opens")
        ? ReceivedFile.records(file, "ringside.file.open", "file.path", OPENED)
        : ReceivedFile.records(file, "ringside.process.exec", "process.executable.path", EXECUTED);
  }
}
