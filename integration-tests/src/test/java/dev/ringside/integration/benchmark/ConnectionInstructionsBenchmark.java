package dev.ringside.integration.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// What a whole machine executes for a TCP connection that is observed.
final class ConnectionInstructionsBenchmark implements Benchmark {
  private static final int CONNECTIONS = 2_500;
  private static final int ROUNDS = 5;

  /// At most so many rounds, if the compilers are not done before.
  private static final int WARMUPS = 24;

  private static final Duration IN_GUEST = Duration.ofMinutes(15);

  private static final String OPERATION = "connects";

  /// Where `lab/benchmark-in-guest` connects to.
  private static final String ADDRESS = "127.0.0.9";

  @Override
  public String name() {
    return "connection-instructions";
  }

  @Override
  public String title() {
    return "Instructions added to a TCP connection, on the whole machine";
  }

  @Override
  public String what() {
    return """
    In an emulated machine with one processor (kernel %s), whose clock counts instructions, a program connects to \
    itself on loopback %s times as fast as it can, sends a request of 100 bytes one way and an answer of 400 the \
    other, and closes: both ends are in one thread. Counted is everything that is executed from the first connection \
    until what follows from the last is done, by the kernel, the observer and whoever is woken, divided by the number \
    of connections, less the same without an observer. Ringside runs as it is packaged with `tcp_connection`, all its \
    metrics and events, watches everything, and is warmed up with at most %s rounds, until its JVM's compilers do \
    less than a tenth of the work; both ends of each connection go out as records \
    over OTLP/HTTP to a receiver in the same guest, whose own instructions are not counted, but shown.\
    """
        .formatted(CountingGuest.KERNEL, Figures.text(CONNECTIONS), WARMUPS);
  }

  @Override
  public String peer() {
    return "`tcplife` (libbpf-tools), which watches everything and writes lines to a file in memory.";
  }

  @Override
  public Duration limit() {
    return IN_GUEST.plusMinutes(2);
  }

  @Override
  public Result run(Path directory) throws Exception {
    var guest = new CountingGuest(directory);
    var report =
        guest.run(
            "benchmark-in-guest",
            IN_GUEST,
            Map.of("CONNECTS", CONNECTIONS, "ROUNDS", ROUNDS, "WARMUPS", WARMUPS));
    var goal = InstructionsGoal.of(report, OPERATION, ROUNDS);
    var result = new Result();
    judge(result, report, goal, delivered(directory));
    result.note(
        "Per connection, unobserved "
            + Figures.text(report.unobserved(OPERATION))
            + " instructions:");
    result.table(costs(report, goal.ours(), delivered(directory)));
    result.table(InstructionsGoal.threads(report, OPERATION));
    result.note(
        "A connection is two records, one of each end. A peer that loses records does less work for them: its"
            + " figure flatters it. The emulated processor is `"
            + CountingGuest.PROCESSOR
            + "`: fast string instructions would count once for each byte that they copy.");
    return result.notMeasured(
        "cache misses and what an interrupt or an exception takes on hardware: an instruction is an"
            + " instruction here");
  }

  private static void judge(
      Result result, GuestReport report, InstructionsGoal goal, long delivered) {
    var theirs = report.added("tcplife", OPERATION, ROUNDS);
    if (theirs == null) {
      result.notMeasured("`tcplife`: it did not run in the guest, or is not installed");
    } else {
      goal.judge(result, "fewer per connection than `tcplife`", theirs.median());
    }
    result.verdict(
        new Verdict(
            delivered == records(),
            "both ends of every connection delivered",
            "%s of %s records".formatted(Figures.text(delivered), Figures.text(records()))));
  }

  private static Table costs(GuestReport report, Spread ours, long delivered) {
    var table =
        Table.of(
            "Observer",
            "instructions added",
            "connections",
            "records that arrived",
            "receiver's instructions");
    table.row(
        "Ringside",
        ours,
        connections(),
        delivered,
        Spread.of(report.receiver("ringside", OPERATION)));
    var theirs = report.added("tcplife", OPERATION, ROUNDS);
    if (theirs != null)
      table.row("`tcplife`", theirs, connections(), report.records("tcplife", OPERATION), "–");
    return table;
  }

  private static long delivered(Path directory) throws IOException {
    return ReceivedFile.records(
        directory.resolve("received-" + OPERATION),
        "ringside.network.tcp.connection.closed",
        "server.address",
        ADDRESS);
  }

  private static long connections() {
    return (long) ROUNDS * CONNECTIONS;
  }

  private static long records() {
    return 2 * connections();
  }
}
