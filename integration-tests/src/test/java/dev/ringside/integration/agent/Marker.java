package dev.ringside.integration.agent;

import static org.awaitility.Awaitility.await;

import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Something that happens in the cgroup after everything else: once it has arrived, so has all that
/// was before it, since rings keep their order.
///
/// @param pid the process that did it
record Marker(long pid) {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String ARGUMENT = "the-marker";

  /// A program that starts and ends. The two events come through rings of their own, so both count.
  static Marker exec(OwnCgroup cgroup, RealCollector collector)
      throws IOException, InterruptedException {
    long pid = cgroup.run(Programs.target(), ARGUMENT);
    await("the marker's exec and exit at the Collector")
        .atMost(PATIENCE)
        .until(() -> hasStarted(pid, collector) && hasEnded(pid, collector));
    return new Marker(pid);
  }

  /// The same after more than the ring may have room for, where a marker may be lost as well: one
  /// after another, until one has come through.
  static Marker execWhenThereIsRoom(OwnCgroup cgroup, RealCollector collector) {
    var pids = new ArrayList<Long>();
    return await("one of the markers' exec and exit at the Collector")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(2))
        .until(
            () -> {
              pids.add(cgroup.run(Programs.target(), ARGUMENT));
              return pids.stream()
                  .filter(pid -> hasStarted(pid, collector) && hasEnded(pid, collector))
                  .findFirst();
            },
            Optional::isPresent)
        .map(Marker::new)
        .orElseThrow();
  }

  private static boolean hasStarted(long pid, RealCollector collector) {
    return collector.logs().stream()
        .anyMatch(l ->
            l.name().equals("ringside.process.exec")
                && l.number("process.pid") == pid
                && l.attributes().get("process.command_args") instanceof List<?> args
                && args.contains(ARGUMENT));
  }

  private static boolean hasEnded(long pid, RealCollector collector) {
    return collector.logs().stream()
        .anyMatch(l -> l.name().equals("ringside.process.exit") && l.number("process.pid") == pid);
  }

  /// A file that is opened.
  static Marker open(OwnCgroup cgroup, RealCollector collector, Path file)
      throws IOException, InterruptedException {
    long pid = cgroup.run(Programs.opens(), "burst", "1", file.toString());
    await("the marker's open at the Collector")
        .atMost(PATIENCE)
        .until(() ->
            collector.logs().stream()
                .anyMatch(l ->
                    l.name().equals("ringside.file.open")
                        && l.number("process.pid") == pid
                        && file.toString().equals(l.attributes().get("file.path"))));
    return new Marker(pid);
  }
}
