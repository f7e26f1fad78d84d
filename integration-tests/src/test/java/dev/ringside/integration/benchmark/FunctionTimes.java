package dev.ringside.integration.benchmark;

import dev.ringside.integration.workload.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.awaitility.core.TerminalFailureException;
import org.opentest4j.TestAbortedException;

/// What a call of a kernel function takes longer that is watched, on a machine whose kernel lets
/// functions be watched.
///
/// @param directory for what the observers say
/// @param reads of a round
/// @param ringside the program
/// @param mechanisms by which it is to watch
record FunctionTimes(Path directory, int reads, List<String> ringside, List<String> mechanisms) {
  static final Duration LIMIT = Duration.ofMinutes(3);

  static final int READS = 500_000;
  private static final int ROUNDS = 7;
  static final String TRAMPOLINE = "trampoline";
  private static final String FUNCLATENCY = "`funclatency`, kprobe and kretprobe";
  private static final String LATER_FUNCLATENCY = "`funclatency`, fentry and fexit";
  private static final Pattern ROUND = Pattern.compile("(?m)^round \\d+ work (-?[\\d.]+) ");

  /// Those of which a kernel has one or another.
  static final List<String> MECHANISMS =
      List.of("fsession", "fsession_multi", TRAMPOLINE, "kprobe_session", "kprobe_multi", "kprobe");

  private static final String BEGIN = "@began[tid] = nsecs;";
  private static final String END =
      "/@began[tid]/ { @ns = hist(nsecs - @began[tid]); delete(@began[tid]); }";

  String what() {
    return """
    In time, on this machine: a program on one processor reads a byte from `/dev/null` %s times, %d times over; the \
    nanoseconds of a read, less the median of the same without an observer. This is only for machines whose kernel lets \
    functions be watched.\
    """
        .formatted(Figures.text(reads), ROUNDS);
  }

  void addTo(Result result) throws Exception {
    var unobserved = Spread.of(nanoseconds());
    var table =
        Table.of("Observer, in time", "ns added to a read").row("nobody: a read", unobserved);
    Spread ours = null;
    var refused = new ArrayList<String>();
    for (var mechanism : mechanisms) {
      var name = "Ringside, " + mechanism.replace('_', '.');
      var added = added(unobserved, () -> ringside(mechanism), refused, name);
      if (added == null) continue;
      table.row(name, added);
      if (mechanism.equals(TRAMPOLINE)) ours = added;
    }
    if (refused.size() == mechanisms.size()) {
      result.notMeasured(
          "in time: this machine's kernel lets none of its functions be watched. "
              + refused.get(mechanisms.indexOf(TRAMPOLINE)));
      return;
    }
    var theirs = addPeers(table, unobserved, refused);
    if (ours != null && theirs != null)
      result.verdict(
          Verdict.atMost(
              theirs.median() / 2,
              ours.median(),
              "at most half of `funclatency`'s in time, both by fentry",
              "%s ns against %s ns"
                  .formatted(Figures.text(ours.median()), Figures.text(theirs.median()))));
    result.note(what()).table(table);
    refused.forEach(why -> result.notMeasured("in time: " + why));
  }

  /// What `funclatency` adds by fentry; null when it does not run here.
  private Spread addPeers(Table table, Spread unobserved, List<String> refused) throws Exception {
    addPeer(
        table,
        FUNCLATENCY,
        unobserved,
        refused,
        () -> Observers.libbpfTool("funclatency", "vfs_read"));
    var theirs =
        addPeer(
            table,
            LATER_FUNCLATENCY,
            unobserved,
            refused,
            () -> List.of(CountingGuest.LAB + "/later-tool", "funclatency", "vfs_read"));
    addPeer(
        table,
        "`bpftrace`, kfunc and kretfunc",
        unobserved,
        refused,
        () -> bpftrace("kfunc", "kretfunc"));
    addPeer(
        table,
        "`bpftrace`, kprobe and kretprobe",
        unobserved,
        refused,
        () -> bpftrace("kprobe", "kretprobe"));
    return theirs;
  }

  private Spread addPeer(
      Table table,
      String name,
      Spread unobserved,
      List<String> refused,
      Supplier<List<String>> command)
      throws Exception {
    var folder = directory.resolve(name.replaceAll("\\W+", "-"));
    var added = added(unobserved, () -> Observers.startPeer(folder, command.get()), refused, name);
    if (added != null) table.row(name, added);
    return added;
  }

  private static List<String> bpftrace(String entry, String end) {
    return List.of(
        "bpftrace", "-e", entry + ":vfs_read {" + BEGIN + "} " + end + ":vfs_read " + END);
  }

  private interface Start {
    Observer start() throws IOException;
  }

  /// null when it does not run here.
  private Spread added(Spread unobserved, Start observing, List<String> refused, String name)
      throws Exception {
    try (var _ = observing.start()) {
      return Spread.of(nanoseconds().stream().map(ns -> ns - unobserved.median()).toList());
    } catch (TerminalFailureException | TestAbortedException e) {
      refused.add(name + " does not run here: " + reason(e));
      return null;
    }
  }

  /// Of what an observer said, the first line that gives a reason.
  private static String reason(RuntimeException e) {
    return e.getMessage()
        .lines()
        .skip(1)
        .map(line -> line.replaceFirst("^ringside: +", ""))
        .filter(line -> line.contains(": "))
        .findFirst()
        .orElse(e.getMessage());
  }

  private Observer ringside(String mechanism) throws IOException {
    var command = new ArrayList<>(ringside);
    command.addAll(
        List.of(
            "run",
            "--receivers=function_latency",
            "--set=function_latency.functions=vfs_read",
            "--set=function_latency.mechanism=" + mechanism));
    return Observers.startRingside(
        directory.resolve(mechanism), Map.of(), "function_latency", command);
  }

  /// Nanoseconds of a read, round by round.
  private List<Double> nanoseconds() throws IOException, InterruptedException {
    int last = Runtime.getRuntime().availableProcessors() - 1;
    var process =
        new ProcessBuilder(
                "taskset",
                "-c",
                Integer.toString(last),
                Programs.instructions().toString(),
                "reads",
                Integer.toString(ROUNDS),
                Integer.toString(reads),
                "/dev/null")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) throw new IOException("reads ended with " + process.exitValue());
    return ROUND.matcher(said).results().map(m -> Double.valueOf(m.group(1))).toList();
  }
}
