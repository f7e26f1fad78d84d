package dev.ringside.integration.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What a machine executes for one call of a kernel function that is watched, and how well a
/// percentile can be read from what was recorded.
final class FunctionsBenchmark implements Benchmark {
  private static final int READS = 40_000;
  private static final int ROUNDS = 5;

  /// Half of it on a machine that does nothing else.
  private static final Duration IN_GUEST = Duration.ofMinutes(10);

  private static final String TRAMPOLINE = "trampoline";
  private static final String PEER = "funclatency_fentry";
  private static final String HALF_BY_FENTRY = "half of `funclatency`'s by fentry";
  private static final String A_THIRD_BY_KPROBE = "a third of `funclatency`'s by kprobe";
  private static final String HISTOGRAM = "ringside.kernel.function.duration";

  /// Who watches.
  ///
  /// @param name in the script
  /// @param how in words; Markdown
  private record Watching(String name, String how, boolean isOurs) {}

  private static final String NEWER_KERNEL = "7.2";

  /// In a kernel that has sessions.
  private static final List<Watching> SESSIONS =
      List.of(
          new Watching("fsession", "Ringside, fsession", true),
          new Watching("fsession_multi", "Ringside, fsession.multi", true),
          new Watching("fsession_1000", "Ringside, fsession.multi for 1000 functions", true),
          new Watching(TRAMPOLINE, "Ringside, fentry and fexit", true),
          new Watching("kprobe_session", "Ringside, kprobe.session", true),
          new Watching("kprobe_multi", "Ringside, kprobe.multi", true),
          new Watching("funclatency", "`funclatency`, kprobe and kretprobe", false),
          new Watching("funclatency_fentry", "`funclatency`, fentry and fexit", false));

  private static final List<Watching> ALL =
      List.of(
          new Watching("entry", "nobody: an empty program at fentry", false),
          new Watching("entry_and_return", "nobody: empty programs at fentry and fexit", false),
          new Watching(TRAMPOLINE, "Ringside, fentry and fexit", true),
          new Watching("trampoline_10", "Ringside, the same for 10 functions", true),
          new Watching("trampoline_100", "Ringside, the same for 100 functions", true),
          new Watching("trampoline_1000", "Ringside, the same for 1000 functions", true),
          new Watching("kprobe_session", "Ringside, kprobe.session", true),
          new Watching("kprobe_multi", "Ringside, kprobe.multi", true),
          new Watching("kprobe", "Ringside, kprobe and kretprobe", true),
          new Watching("funclatency", "`funclatency`, kprobe and kretprobe", false),
          new Watching("funclatency_fentry", "`funclatency`, fentry and fexit", false),
          new Watching("bpftrace_kfunc", "`bpftrace`, kfunc and kretfunc", false),
          new Watching("bpftrace_kprobe", "`bpftrace`, kprobe and kretprobe", false));

  @Override
  public String name() {
    return "functions";
  }

  @Override
  public String title() {
    return "Instructions added to a call of a kernel function";
  }

  @Override
  public String what() {
    return """
    In an emulated machine with one processor (kernel %s), whose clock counts instructions, a program reads a byte \
    from `/dev/null` %s times, %d times over, and as often from a descriptor that is open for writing only, which \
    fails with `EBADF`; both go through `vfs_read`, which is watched. Counted is everything that is executed \
    meanwhile, divided by the number of reads, less the same without an observer. Not counted is what the \
    observer's own process does, which has nothing to do for a call, and what a receiver of telemetry does, which \
    runs in the same guest. Ringside runs as it is packaged, with `function_latency` for `vfs_read` in all \
    processes. Where it watches more functions than that, the others are not called, or hardly (`selinux_*`, and for \
    1000 those of hardware that is not there).\
    """
        .formatted(CountingGuest.KERNEL, Figures.text(READS), ROUNDS);
  }

  @Override
  public String peer() {
    return "`funclatency vfs_read` of libbpf-tools as they are installed, which takes kprobes, and as a later Debian"
        + " has them, which takes fentry and fexit; and `bpftrace`"
        + " with a histogram of `nsecs` between kfunc and kretfunc or kprobe and kretprobe. All watch all processes.";
  }

  @Override
  public Duration limit() {
    return IN_GUEST.multipliedBy(2).plus(FunctionTimes.LIMIT).plusMinutes(2);
  }

  @Override
  public Result run(Path directory) throws Exception {
    CountingGuest.fetchLaterTools(directory);
    var guest = new CountingGuest(directory);
    var report =
        guest.run("functions-in-guest", IN_GUEST, Map.of("READS", READS, "ROUNDS", ROUNDS));
    if (added(report, TRAMPOLINE, "reads") == null)
      throw new AssertionError("Ringside gave no figures in the guest:\n" + guest.said());
    var result = new Result();
    judgeCosts(result, report);
    judgeCounts(result, directory, ALL);
    result.note(
        "Unobserved, a read takes %s instructions, and one that fails %s:"
            .formatted(
                Figures.text(report.unobserved("reads")),
                Figures.text(report.unobserved("failing_reads"))));
    result.table(costs(result, report, directory, ALL));
    result.note(
        "Told are successful reads, by Ringside over OTLP: %s, and those of others in the guest while the observer ran. Peers do not tell calls that failed from others."
            .formatted(Figures.text(made())));
    addSessions(result, Files.createDirectories(directory.resolve(NEWER_KERNEL)));
    Percentiles.add(result);
    new FunctionTimes(
            directory.resolve("in-time"),
            FunctionTimes.READS,
            Observers.ringside(),
            FunctionTimes.MECHANISMS)
        .addTo(result);
    return result.notMeasured(
        "cache misses, and what an interrupt or an exception (a kprobe's `int3`, where it is not optimized)"
            + " takes on hardware: an instruction is an instruction here");
  }

  private static void addSessions(Result result, Path directory) throws Exception {
    var report =
        new CountingGuest(directory, NEWER_KERNEL)
            .run(
                "functions-in-guest",
                IN_GUEST,
                Map.of("READS", READS, "ROUNDS", ROUNDS, "SESSIONS", 1));
    if (added(report, "fsession", "reads") == null) {
      result.notMeasured("kernel " + NEWER_KERNEL + ": Ringside gave no figures in the guest");
      return;
    }
    var bySession = ", ours by fsession (" + NEWER_KERNEL + ")";
    judge(result, report, "fsession", 1.0 / 3, "funclatency", A_THIRD_BY_KPROBE + bySession);
    judge(result, report, "fsession", 1.0 / 2, PEER, HALF_BY_FENTRY + bySession);
    var byTrampoline = ", ours by fentry (" + NEWER_KERNEL + ")";
    judge(result, report, TRAMPOLINE, 1.0 / 2, PEER, HALF_BY_FENTRY + byTrampoline);
    var byMulti = ", ours by fsession.multi for 1000 functions (" + NEWER_KERNEL + ")";
    judge(result, report, "fsession_1000", 1.0 / 2, PEER, HALF_BY_FENTRY + byMulti);
    judgeMany(
        result,
        report,
        "fsession_multi",
        "fsession_1000",
        "1000",
        ", by fsession.multi (" + NEWER_KERNEL + ")");
    judgeCounts(result, directory, SESSIONS);
    result.note(
        "In a kernel that has sessions, which are one program for entry and return and need no map (%s), where a read takes %s instructions unobserved, and one that fails %s:"
            .formatted(
                NEWER_KERNEL,
                Figures.text(report.unobserved("reads")),
                Figures.text(report.unobserved("failing_reads"))));
    result.table(costs(result, report, directory, SESSIONS));
  }

  private static void judgeCosts(Result result, GuestReport report) {
    judge(result, report, TRAMPOLINE, 1.0 / 2, PEER, HALF_BY_FENTRY);
    judge(result, report, TRAMPOLINE, 1.0 / 3, "funclatency", A_THIRD_BY_KPROBE);
    judge(
        result,
        report,
        TRAMPOLINE,
        1.0 / 3,
        "bpftrace_kprobe",
        "a third of `bpftrace`'s by kprobe");
    judgeMany(result, report, TRAMPOLINE, "trampoline_100", "100", "");
    judgeMany(result, report, TRAMPOLINE, "trampoline_1000", "1000", "");
  }

  /// Whether a call costs the same with many functions as with one.
  private static void judgeMany(
      Result result, GuestReport report, String one, String many, String howMany, String where) {
    var ofOne = added(report, one, "reads");
    var ofMany = added(report, many, "reads");
    if (ofOne == null || ofMany == null) return;
    double more = (ofMany.median() / ofOne.median() - 1) * 100;
    result.verdict(
        new Verdict(
            Math.abs(more) <= 2,
            "a call costs the same within 2 %% with %s functions as with one%s"
                .formatted(howMany, where),
            "%s against %s"
                .formatted(Figures.text(ofMany.median()), Figures.text(ofOne.median()))));
  }

  /// Whether ours is at most a part of a peer's.
  private static void judge(
      Result result, GuestReport report, String observer, double part, String peer, String goal) {
    var ours = added(report, observer, "reads");
    var theirs = added(report, peer, "reads");
    if (ours == null || theirs == null) return;
    result.verdict(
        Verdict.atMost(
            theirs.median() * part,
            ours.median(),
            "at most " + goal,
            "%s against %s".formatted(Figures.text(ours.median()), Figures.text(theirs.median()))));
  }

  /// Nobody else in the guest reads in vain, so these are exact.
  private static void judgeCounts(Result result, Path directory, List<Watching> all)
      throws IOException {
    for (var watching : all) {
      if (!watching.isOurs() || !Files.exists(received(directory, watching))) continue;
      long failed = counted(directory, watching, "EBADF");
      long succeeded = counted(directory, watching, null);
      result.verdict(
          new Verdict(
              failed == made() && succeeded >= made(),
              "every call counted: " + watching.how(),
              "%s of %s that failed, %s of at least %s others"
                  .formatted(
                      Figures.text(failed),
                      Figures.text(made()),
                      Figures.text(succeeded),
                      Figures.text(made()))));
    }
  }

  private static Table costs(Result result, GuestReport report, Path directory, List<Watching> all)
      throws IOException {
    var table =
        Table.of(
            "Observer",
            "instructions added",
            "when the call fails",
            "not counted: own process, receiver",
            "reads told");
    for (var watching : all) {
      var reads = added(report, watching.name(), "reads");
      var failing = added(report, watching.name(), "failing_reads");
      if (reads == null || failing == null) {
        result.notMeasured(watching.how() + ": it did not run in the guest, or is not installed");
        continue;
      }
      var others = Spread.of(report.receiver(watching.name(), "reads"));
      table.row(watching.how(), reads, failing, others, counted(report, directory, watching));
    }
    return table;
  }

  private static Object counted(GuestReport report, Path directory, Watching watching)
      throws IOException {
    if (watching.isOurs()) return counted(directory, watching, null);
    long records = report.records(watching.name(), "reads");
    // A peer's histogram has the failed ones in it.
    return records > 0 ? (Object) (records - made()) : "–";
  }

  /// Calls over OTLP.
  ///
  /// @param error null is those that succeeded
  private static long counted(Path directory, Watching watching, String error) throws IOException {
    var attributes =
        error == null
            ? Map.of("code.function.name", "vfs_read")
            : Map.of("code.function.name", "vfs_read", "error.type", error);
    return ReceivedFile.counts(received(directory, watching), HISTOGRAM)
        .getOrDefault(attributes, 0L);
  }

  private static Path received(Path directory, Watching watching) {
    return directory.resolve("received-" + watching.name());
  }

  private static long made() {
    return (long) READS * ROUNDS;
  }

  /// null when it did not run.
  private static Spread added(GuestReport report, String observer, String operation) {
    return report.added(observer, operation, ROUNDS);
  }
}
