package dev.ringside.integration.benchmark;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.ringside.integration.workload.OwnCgroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Nothing happens.
final class IdleBenchmark implements Benchmark {
  private static final int WINDOWS = 3;
  private static final int WINDOW_SECONDS = 20;

  /// After its start a JVM is busy with itself for a moment.
  private static final int SETTLES_SECONDS = 10;

  private static final double GOAL_SHARE = 0.001;
  private static final double GOAL_MIB = 100e6 / (1 << 20);

  /// One observer through all windows.
  private static final class Idle {
    final List<Double> switchesPerMinute = new ArrayList<>();
    final List<Double> cpuMsPerMinute = new ArrayList<>();
    final List<Double> residentMib = new ArrayList<>();
    private final Observer observer;
    private long switches;
    private CpuTime cpu;

    Idle(Observer observer) {
      this.observer = observer;
    }

    void begin() throws IOException {
      switches = observer.contextSwitches();
      cpu = observer.cpu();
    }

    void end() throws IOException {
      double perMinute = 60.0 / WINDOW_SECONDS;
      switchesPerMinute.add((observer.contextSwitches() - switches) * perMinute);
      cpuMsPerMinute.add(observer.cpu().since(cpu).sum() * 1000 * perMinute);
      residentMib.add(observer.residentMib());
    }

    Object[] row(String name) {
      var cpu = Spread.of(cpuMsPerMinute);
      return new Object[] {
        name,
        Spread.of(switchesPerMinute),
        cpu,
        Figures.text(cpu.median() / 600) + " %",
        Spread.of(residentMib)
      };
    }
  }

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public String title() {
    return "An idle machine";
  }

  @Override
  public String what() {
    return """
    `process_exec`, `file_open` and `tcp_connection` run with their events, and send over OTLP/HTTP to a server on loopback with the default intervals, but nothing \
    happens in the cgroup that they watch. Counted are the context switches of all threads, which is how often one \
    was woken or made way, and the CPU time of the process; %d windows of %d s, %d s after the start.\
    """
        .formatted(WINDOWS, WINDOW_SECONDS, SETTLES_SECONDS);
  }

  @Override
  public String peer() {
    return "`execsnoop` (libbpf-tools), idle in the same way at the same time.";
  }

  @Override
  public Result run(Path directory) throws Exception {
    try (var cgroup = OwnCgroup.create();
        var sink = new Sink();
        var ringside =
            Observers.startRingside(
                directory.resolve("ringside"),
                Map.of(),
                "process_exec",
                Observers.ringside(
                    "run",
                    "--otlp=" + sink.endpoint(),
                    "--set=process_exec.cgroup=" + cgroup.path(),
                    "--set=file_open.cgroup=" + cgroup.path(),
                    "--set=file_open.events=true",
                    "--set=tcp_connection.cgroup=" + cgroup.path(),
                    "--set=tcp_connection.events=true"));
        var execsnoop =
            Observers.startPeer(
                directory.resolve("execsnoop"),
                Observers.libbpfTool("execsnoop", "-c", cgroup.directory().toString()))) {
      var ours = new Idle(ringside);
      var theirs = new Idle(execsnoop);
      SECONDS.sleep(SETTLES_SECONDS);
      for (int i = 0; i < WINDOWS; i++) {
        ours.begin();
        theirs.begin();
        SECONDS.sleep(WINDOW_SECONDS);
        ours.end();
        theirs.end();
      }
      return result(ours, theirs);
    }
  }

  private static Result result(Idle ours, Idle theirs) {
    double share = Spread.of(ours.cpuMsPerMinute).median() / 60_000;
    double residentMib = Spread.of(ours.residentMib).max();
    return new Result()
        .verdict(
            Verdict.atMost(
                GOAL_SHARE,
                share,
                "under 0.1 % of a core",
                Figures.text(share * 100) + " % of a core"))
        .verdict(
            Verdict.atMost(
                GOAL_MIB,
                residentMib,
                "idle in under 100 MB",
                Figures.text(residentMib * 1.048576) + " MB resident"))
        .table(
            Table.of(
                    "Observer",
                    "context switches per minute",
                    "CPU, ms per minute",
                    "of a core",
                    "resident, MiB")
                .row(ours.row("Ringside"))
                .row(theirs.row("`execsnoop`")))
        .notMeasured("what idle hooks cost the rest of the machine; nothing calls them")
        .notMeasured("power");
  }
}
