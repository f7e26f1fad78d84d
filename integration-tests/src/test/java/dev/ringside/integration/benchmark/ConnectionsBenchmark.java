package dev.ringside.integration.benchmark;

import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Short TCP connections: as many as one thread makes, and 20 000 a second.
final class ConnectionsBenchmark implements Benchmark {
  private static final int BURST = 250_000;
  private static final int UNOBSERVED_BURST = BURST / 5;
  private static final int RATE = 20_000;
  private static final int SECONDS = 5;
  private static final int TIMES = 3;

  /// Who observes, or nobody.
  private enum Who {
    NOBODY,
    RINGSIDE,
    TCPLIFE
  }

  /// One of the two loads.
  private interface Load {
    Workload start(OwnCgroup cgroup, Who who) throws IOException, InterruptedException;
  }

  @Override
  public String name() {
    return "connections";
  }

  @Override
  public String title() {
    return "Short TCP connections, to OTLP on loopback";
  }

  @Override
  public String what() {
    return """
    One thread connects to itself on the loopback of a network namespace of its own %s times as fast as it can; each \
    time a request of 100 bytes goes one way and an answer of 400 the other. Then two threads are to make %s \
    connections a second for %d s, which are closed as soon as they are open. Ringside watches that process with \
    `tcp_connection`, all its metrics and events, and delivers both ends of each connection as log records over \
    OTLP/HTTP to a real Collector on loopback, with the settings of the launcher and no others. Counted is the CPU \
    time of the observing process, after it has started, to its end; its hooks run in the process that connects, so \
    what that takes more than without an observer stands beside it. The Collector's CPU time is not counted, but \
    shown, and competes with the two threads where there are only two processors. Records are counted at the \
    Collector.\
    """
        .formatted(Figures.text(BURST), Figures.text(RATE), SECONDS);
  }

  @Override
  public String peer() {
    return "`tcplife` (libbpf-tools), watching the same process, writing lines to a file.";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(15);
  }

  @Override
  public Result run(Path directory) throws Exception {
    var result = new Result();
    var bursts = trials(directory.resolve("burst"), ConnectionsBenchmark::burst);
    addCosts(result, bursts);
    int count = RATE * SECONDS;
    var paced =
        trials(directory.resolve("paced"), (c, _) -> Workload.pacedConnects(c, RATE, count));
    addRecords(result, bursts, paced);
    result.note(
        "What was counted as lost because its answer came too late, and arrived all the same, is in both columns.");
    return result.notMeasured(
        "interrupts and kernel threads that belong to nobody; the benchmark of connections' instructions has"
            + " them");
  }

  private static Workload burst(OwnCgroup cgroup, Who who)
      throws IOException, InterruptedException {
    return Workload.connectBurst(cgroup, who == Who.NOBODY ? UNOBSERVED_BURST : BURST);
  }

  /// What each of them gave, by its ordinal. They take turns.
  private static List<List<ConnectionsTrial>> trials(Path directory, Load load) throws Exception {
    var trials = new ArrayList<List<ConnectionsTrial>>();
    for (var _ : Who.values()) trials.add(new ArrayList<>());
    for (int i = 0; i < TIMES; i++)
      for (var who : Who.values()) {
        try (var cgroup = OwnCgroup.create();
            var workload = load.start(cgroup, who)) {
          var own = directory.resolve(who + "-" + i);
          trials
              .get(who.ordinal())
              .add(
                  switch (who) {
                    case NOBODY -> ConnectionsTrial.unobserved(cgroup, workload);
                    case RINGSIDE -> ConnectionsTrial.underRingside(cgroup, workload, own);
                    case TCPLIFE -> ConnectionsTrial.underTcplife(cgroup, workload, own);
                  });
        }
      }
    return trials;
  }

  private static void addCosts(Result result, List<List<ConnectionsTrial>> bursts) {
    var nobody = of(Who.NOBODY, bursts);
    var ringside = of(Who.RINGSIDE, bursts);
    var tcplife = of(Who.TCPLIFE, bursts);
    double ours = median(ringside, t -> t.perConnectionUs(t.tool().sum()));
    double theirs = median(tcplife, t -> t.perConnectionUs(t.tool().sum()));
    double kept = median(ringside, ConnectionsTrial::rate);
    double keptByTheirs = median(tcplife, ConnectionsTrial::rate);
    double alone = median(nobody, ConnectionsTrial::loadPerConnectionUs);
    double inKernel = median(ringside, t -> kernelUs(t, alone));
    double inKernelByTheirs = median(tcplife, t -> kernelUs(t, alone));
    result
        .verdict(
            Verdict.atMost(
                inKernelByTheirs,
                inKernel,
                "at most the kernel time of `tcplife`, with what is added to the program's own",
                "%s µs per connection against %s µs"
                    .formatted(Figures.text(inKernel), Figures.text(inKernelByTheirs))))
        .verdict(
            Verdict.atMost(
                theirs,
                ours,
                "at most the CPU of `tcplife`, without what is added to the program's own",
                "%s µs per connection against %s µs"
                    .formatted(Figures.text(ours), Figures.text(theirs))))
        .verdict(
            new Verdict(
                kept >= keptByTheirs,
                "at least the connections per second that `tcplife` leaves",
                "%s against %s, and %s unobserved"
                    .formatted(
                        Figures.text(kept),
                        Figures.text(keptByTheirs),
                        Figures.text(median(nobody, ConnectionsTrial::rate)))))
        .table(
            Table.of(
                    "Observer",
                    "connections per second",
                    "user CPU per connection, µs",
                    "system CPU per connection, µs",
                    "added to the program's own, µs",
                    "resident, MiB",
                    "Collector's CPU per connection, µs")
                .row("nobody", spread(nobody, ConnectionsTrial::rate), "–", "–", "–", "–", "–")
                .row(costs("Ringside", ringside, alone))
                .row(costs("`tcplife`", tcplife, alone)))
        .note(
            "Unobserved, a connection takes the program %s µs of CPU time."
                .formatted(spread(nobody, ConnectionsTrial::loadPerConnectionUs)));
  }

  /// For one connection.
  ///
  /// @param alone what the program takes for one unobserved
  private static double kernelUs(ConnectionsTrial trial, double alone) {
    return trial.perConnectionUs(trial.tool().system()) + trial.loadPerConnectionUs() - alone;
  }

  private static Object[] costs(String observer, List<ConnectionsTrial> trials, double alone) {
    boolean hasCollector = trials.getFirst().collector() > 0;
    return new Object[] {
      observer,
      spread(trials, ConnectionsTrial::rate),
      spread(trials, t -> t.perConnectionUs(t.tool().user())),
      spread(trials, t -> t.perConnectionUs(t.tool().system())),
      spread(trials, t -> t.loadPerConnectionUs() - alone),
      spread(trials, ConnectionsTrial::residentMib),
      hasCollector ? spread(trials, t -> t.perConnectionUs(t.collector())) : "–"
    };
  }

  private static void addRecords(
      Result result, List<List<ConnectionsTrial>> bursts, List<List<ConnectionsTrial>> paced) {
    var all = new ArrayList<>(of(Who.RINGSIDE, bursts));
    all.addAll(of(Who.RINGSIDE, paced));
    long records = all.stream().mapToLong(ConnectionsTrial::records).sum();
    long lost = all.stream().mapToLong(t -> t.account().lost()).sum();
    long uncounted = all.stream().mapToLong(ConnectionsTrial::missing).sum();
    result
        .verdict(
            new Verdict(
                uncounted == 0,
                "no end of a connection uncounted",
                "of %s, %s were lost and counted, %s are not accounted for; asked for %s connections per second, %s were reached"
                    .formatted(
                        Figures.text(records),
                        Figures.text(lost),
                        Figures.text(uncounted),
                        Figures.text(RATE),
                        Figures.text(median(of(Who.RINGSIDE, paced), ConnectionsTrial::rate)))))
        .note("Both ends of each connection, as fast as one thread can:")
        .table(
            records()
                .row(records("Ringside", of(Who.RINGSIDE, bursts)))
                .row(records("`tcplife`", of(Who.TCPLIFE, bursts))))
        .note(
            "At %s connections per second, of which %s were made unobserved:"
                .formatted(
                    Figures.text(RATE), spread(of(Who.NOBODY, paced), ConnectionsTrial::rate)))
        .table(
            records()
                .row(records("Ringside", of(Who.RINGSIDE, paced)))
                .row(records("`tcplife`", of(Who.TCPLIFE, paced))));
  }

  private static Table records() {
    return Table.of(
        "Observer",
        "connections per second",
        "ends",
        "delivered",
        "lost, counted",
        "runs left out by the kernel, counted",
        "missing, uncounted");
  }

  private static Object[] records(String observer, List<ConnectionsTrial> trials) {
    return new Object[] {
      observer,
      spread(trials, ConnectionsTrial::rate),
      spread(trials, ConnectionsTrial::records),
      spread(trials, t -> t.account().delivered()),
      spread(trials, t -> t.account().lost()),
      spread(trials, t -> t.account().leftOut()),
      spread(trials, ConnectionsTrial::missing)
    };
  }

  private static List<ConnectionsTrial> of(Who who, List<List<ConnectionsTrial>> trials) {
    return trials.get(who.ordinal());
  }

  private static Spread spread(
      List<ConnectionsTrial> trials, ToDoubleFunction<ConnectionsTrial> figure) {
    return Spread.of(trials.stream().mapToDouble(figure).toArray());
  }

  private static double median(
      List<ConnectionsTrial> trials, ToDoubleFunction<ConnectionsTrial> figure) {
    return spread(trials, figure).median();
  }
}
