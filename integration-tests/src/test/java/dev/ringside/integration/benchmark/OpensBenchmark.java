package dev.ringside.integration.benchmark;

import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// 50 000 opens a second.
final class OpensBenchmark implements Benchmark {
  private static final double GOAL_MIB = 100e6 / (1 << 20);
  private static final int RATE = 50_000;
  private static final int SECONDS = 30;
  private static final int TIMES = 3;

  /// One run of the workload under an observer, or under none.
  ///
  /// @param tool of the observer's process
  /// @param load of the program that opens, in which the observer's hooks run
  /// @param collector of the receiver of records
  private record Trial(
      CpuTime tool,
      CpuTime load,
      double collector,
      double residentMib,
      long opens,
      Account account) {

    double tookPerOpenNs() {
      return load.sum() / opens * 1e9;
    }
  }

  @Override
  public String name() {
    return "opens";
  }

  @Override
  public String title() {
    return "50 000 opens per second for 30 s, to OTLP on loopback";
  }

  @Override
  public String what() {
    return """
    One thread opens and closes a file %d times a second. Ringside watches that process with `file_open` and \
    delivers each open as a log record over OTLP/HTTP to a real Collector on loopback, with the settings of \
    the launcher and no others. Counted is the CPU time of the observing process, after it has started, to \
    its end; its hooks run in the process that opens, so what that takes more than without an observer stands \
    beside it. The Collector's CPU time is not counted, but shown. Records are counted at the Collector.\
    """
        .formatted(RATE);
  }

  @Override
  public String peer() {
    return "`opensnoop` (libbpf-tools), watching the same process, writing lines to a file.";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(10);
  }

  @Override
  public Result run(Path directory) throws Exception {
    var file = Files.createFile(directory.resolve("opened"));
    var nobody = new ArrayList<Trial>();
    var ringside = new ArrayList<Trial>();
    var opensnoop = new ArrayList<Trial>();
    for (int i = 0; i < TIMES; i++) {
      nobody.add(unobserved(file));
      ringside.add(underRingside(file, directory.resolve("ringside-" + i)));
      opensnoop.add(underOpensnoop(file, directory.resolve("opensnoop-" + i)));
    }
    return result(nobody, ringside, opensnoop);
  }

  private static Trial unobserved(Path file) throws Exception {
    try (var cgroup = OwnCgroup.create();
        var workload = Workload.pacedOpens(cgroup, RATE, SECONDS / 3, file)) {
      var before = CpuTime.of(cgroup);
      long opens = workload.run().bursts().getFirst().count();
      var load = CpuTime.of(cgroup).since(before);
      return new Trial(new CpuTime(0, 0), load, 0, 0, opens, new Account(opens, 0, 0, 0));
    }
  }

  private static Trial underRingside(Path file, Path directory) throws Exception {
    try (var collector = RealCollector.start(directory, "benchmark.yaml", Map.of());
        var cgroup = OwnCgroup.create();
        var workload = Workload.pacedOpens(cgroup, RATE, SECONDS, file);
        var observer =
            Observers.startRingside(
                directory,
                Map.of(),
                "file_open",
                Observers.ringside(
                    "run",
                    "--receivers=file_open",
                    "--otlp=" + collector.http(),
                    "--set=file_open.pid=" + workload.pid(),
                    "--set=file_open.events=true"))) {
      double collectorBefore = cpuSeconds(collector.pid());
      var trial = observe(observer, cgroup, workload);
      double took = cpuSeconds(collector.pid()) - collectorBefore;
      var account =
          Account.ofRingside("file_open", observer.said(), DebugLog.records(collector.log()));
      return new Trial(
          trial.tool(), trial.load(), took, trial.residentMib(), trial.opens(), account);
    }
  }

  private static Trial underOpensnoop(Path file, Path directory) throws Exception {
    try (var cgroup = OwnCgroup.create();
        var workload = Workload.pacedOpens(cgroup, RATE, SECONDS, file);
        var observer =
            Observers.startPeer(
                directory,
                Observers.libbpfTool("opensnoop", "-p", Long.toString(workload.pid())))) {
      var trial = observe(observer, cgroup, workload);
      long lines;
      try (var written = Files.lines(observer.out())) {
        lines = written.filter(line -> line.endsWith(file.toString())).count();
      }
      var account = Account.ofPeer(observer.said(), lines);
      return new Trial(trial.tool(), trial.load(), 0, trial.residentMib(), trial.opens(), account);
    }
  }

  private static Trial observe(Observer observer, OwnCgroup cgroup, Workload workload)
      throws Exception {
    var tool = observer.cpu();
    var load = CpuTime.of(cgroup);
    long opens = workload.run().bursts().getFirst().count();
    double residentMib = observer.residentMib();
    // What it still has to do belongs to the load.
    observer.interrupt();
    return new Trial(
        observer.cpu().since(tool),
        CpuTime.of(cgroup).since(load),
        0,
        residentMib,
        opens,
        new Account(0, 0, 0, 0));
  }

  private static double cpuSeconds(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .map(duration -> duration.toNanos() / 1e9)
        .orElse(Double.NaN);
  }

  private static Result result(List<Trial> nobody, List<Trial> ringside, List<Trial> opensnoop) {
    double ours = median(ringside, t -> t.tool().sum());
    double theirs = median(opensnoop, t -> t.tool().sum());
    double alone = median(nobody, Trial::tookPerOpenNs);
    long uncounted = ringside.stream().mapToLong(t -> t.account().uncounted(t.opens())).sum();
    long happened = ringside.stream().mapToLong(Trial::opens).sum();
    long lost = ringside.stream().mapToLong(t -> t.account().lost()).sum();
    double residentMib = median(ringside, Trial::residentMib);
    return new Result()
        .verdict(
            Verdict.atMost(
                theirs,
                ours,
                "at most the CPU of `opensnoop`",
                "%s s against %s s, %s times as much"
                    .formatted(
                        Figures.text(ours), Figures.text(theirs), Figures.text(ours / theirs))))
        .verdict(
            new Verdict(
                uncounted == 0,
                "no record uncounted",
                "of %s opens %s were lost and counted, %s are not accounted for"
                    .formatted(
                        Figures.text(happened), Figures.text(lost), Figures.text(uncounted))))
        .verdict(
            Verdict.atMost(
                GOAL_MIB,
                residentMib,
                "loaded in under 100 MB",
                Figures.text(residentMib * 1.048576) + " MB resident"))
        .table(
            Table.of(
                    "Observer",
                    "user CPU, s",
                    "system CPU, s",
                    "resident, MiB",
                    "added to an open, ns",
                    "Collector's CPU, s")
                .row(costs("Ringside", ringside, alone))
                .row(costs("`opensnoop`", opensnoop, alone)))
        .table(
            Table.of("Observer", "opens", "delivered", "lost, counted", "missing, uncounted")
                .row(records("Ringside", ringside))
                .row(records("`opensnoop`", opensnoop)))
        .note(
            "Unobserved, an open and close with its share of the pacing takes %s ns."
                .formatted(spread(nobody, Trial::tookPerOpenNs)))
        .notMeasured(
            "interrupts and kernel threads that belong to nobody; the benchmark of instructions has"
                + " them");
  }

  private static Object[] costs(String observer, List<Trial> trials, double alone) {
    return new Object[] {
      observer,
      spread(trials, t -> t.tool().user()),
      spread(trials, t -> t.tool().system()),
      spread(trials, Trial::residentMib),
      spread(trials, t -> t.tookPerOpenNs() - alone),
      trials.getFirst().collector() == 0 ? "–" : spread(trials, Trial::collector)
    };
  }

  private static Object[] records(String observer, List<Trial> trials) {
    return new Object[] {
      observer,
      spread(trials, Trial::opens),
      spread(trials, t -> t.account().delivered()),
      spread(trials, t -> t.account().lost()),
      spread(trials, t -> t.account().uncounted(t.opens()))
    };
  }

  private static Spread spread(List<Trial> trials, ToDoubleFunction<Trial> figure) {
    return Spread.of(trials.stream().mapToDouble(figure).toArray());
  }

  private static double median(List<Trial> trials, ToDoubleFunction<Trial> figure) {
    return spread(trials, figure).median();
  }
}
