package dev.ringside.integration.benchmark;

import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Truth;
import dev.ringside.integration.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// One run of many connections under an observer, or under none.
///
/// @param tool of the observer's process
/// @param load of the program that connects, in which the observer's hooks run
/// @param collector seconds of the receiver of records; 0 where there is none
/// @param rate connections per second that the program made
/// @param account of both ends of each
record ConnectionsTrial(
    CpuTime tool,
    CpuTime load,
    double collector,
    double residentMib,
    long connections,
    double rate,
    Account account) {

  static ConnectionsTrial unobserved(OwnCgroup cgroup, Workload workload) throws Exception {
    var before = CpuTime.of(cgroup);
    var burst = workload.run().bursts().getFirst();
    var nothing = new CpuTime(0, 0);
    return of(nothing, CpuTime.of(cgroup).since(before), 0, burst);
  }

  static ConnectionsTrial underRingside(OwnCgroup cgroup, Workload workload, Path directory)
      throws Exception {
    try (var collector = RealCollector.start(directory, "benchmark.yaml", Map.of());
        var observer =
            Observers.startRingside(
                directory,
                Map.of(),
                "tcp_connection",
                Observers.ringside(
                    "run",
                    "--receivers=tcp_connection",
                    "--otlp=" + collector.http(),
                    "--set=tcp_connection.pid=" + workload.pid(),
                    "--set=tcp_connection.events=true"))) {
      double before = cpuSeconds(collector.pid());
      var trial = observe(observer, cgroup, workload);
      double took = cpuSeconds(collector.pid()) - before;
      var account =
          Account.ofRingside("tcp_connection", observer.said(), DebugLog.records(collector.log()));
      return trial.with(took, account);
    }
  }

  static ConnectionsTrial underTcplife(OwnCgroup cgroup, Workload workload, Path directory)
      throws Exception {
    try (var observer =
        Observers.startPeer(
            directory, Observers.libbpfTool("tcplife", "-p", Long.toString(workload.pid())))) {
      var trial = observe(observer, cgroup, workload);
      var begin = workload.pid() + " ";
      long lines;
      try (var written = Files.lines(observer.out())) {
        lines = written.filter(line -> line.startsWith(begin)).count();
      }
      return trial.with(0, Account.ofPeer(observer.said(), lines));
    }
  }

  private static ConnectionsTrial observe(Observer observer, OwnCgroup cgroup, Workload workload)
      throws Exception {
    var tool = observer.cpu();
    var load = CpuTime.of(cgroup);
    var burst = workload.run().bursts().getFirst();
    double residentMib = observer.residentMib();
    // What it still has to do belongs to the load.
    observer.interrupt();
    return of(observer.cpu().since(tool), CpuTime.of(cgroup).since(load), residentMib, burst);
  }

  private static ConnectionsTrial of(
      CpuTime tool, CpuTime load, double residentMib, Truth.Burst burst) {
    double seconds = (burst.afterNs() - burst.beforeNs()) / 1e9;
    var unknown = new Account(0, 0, 0, 0);
    return new ConnectionsTrial(
        tool, load, 0, residentMib, burst.count(), burst.count() / seconds, unknown);
  }

  private ConnectionsTrial with(double collector, Account account) {
    return new ConnectionsTrial(tool, load, collector, residentMib, connections, rate, account);
  }

  private static double cpuSeconds(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .map(duration -> duration.toNanos() / 1e9)
        .orElse(Double.NaN);
  }

  /// Both ends of each connection.
  long records() {
    return 2 * connections;
  }

  /// Neither delivered nor counted as lost.
  long missing() {
    return Math.max(0, account.uncounted(records()));
  }

  double perConnectionUs(double seconds) {
    return seconds / connections * 1e6;
  }

  double loadPerConnectionUs() {
    return perConnectionUs(load.sum());
  }
}
