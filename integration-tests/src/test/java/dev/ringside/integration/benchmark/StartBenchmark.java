package dev.ringside.integration.benchmark;

import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/// From nothing to the first event that was delivered.
final class StartBenchmark implements Benchmark {
  private static final int TIMES = 11;
  private static final int OPENS_PER_SECOND = 1000;
  private static final int AT_MOST_SECONDS = 20;
  private static final double GOAL_SECONDS = 0.3;

  /// One start; seconds since just before the process was made.
  ///
  /// @param toEvent until something happened that was seen
  /// @param toArrival until it was there at the other side
  private record Start(double toEvent, double toArrival) {}

  @Override
  public String name() {
    return "start";
  }

  @Override
  public String title() {
    return "Start to first exported event";
  }

  @Override
  public String what() {
    return """
    Wall time from just before the process is made until the first event of `file_open` has arrived at an HTTP \
    server on loopback, while a program opens %s files a second. An event usually waits up to a second for company \
    before it is sent (`OTEL_BLRP_SCHEDULE_DELAY`); here 1 ms, so that the figure is about starting.\
    """
        .formatted(Figures.text(OPENS_PER_SECOND));
  }

  @Override
  public String peer() {
    return "none does this; the build tree, without an AOT cache, stands beside the package.";
  }

  @Override
  public Result run(Path directory) throws Exception {
    var file = Files.createFile(directory.resolve("opened"));
    var packaged = new ArrayList<Start>();
    var built = new ArrayList<Start>();
    for (int i = 0; i < TIMES; i++) {
      packaged.add(start(file, directory, Observers.ringside()));
      built.add(start(file, directory, Observers.built()));
    }
    double median = spread(packaged, Start::toArrival).median();
    return new Result()
        .verdict(
            Verdict.atMost(
                GOAL_SECONDS,
                median,
                "under " + Figures.text(GOAL_SECONDS) + " s with the AOT cache",
                Figures.text(median) + " s"))
        .table(
            Table.of("Ringside", "until an event is seen, s", "until it has arrived, s")
                .row(
                    "packaged, with the AOT cache",
                    spread(packaged, Start::toEvent),
                    spread(packaged, Start::toArrival))
                .row(
                    "from the build tree",
                    spread(built, Start::toEvent),
                    spread(built, Start::toArrival)))
        .note("%d starts each, in turns, all files in the page cache.".formatted(TIMES))
        .notMeasured("the first start after boot, when nothing is in the page cache");
  }

  private static Start start(Path file, Path directory, List<String> program) throws Exception {
    try (var sink = new Sink();
        var cgroup = OwnCgroup.create();
        var workload = Workload.pacedOpens(cgroup, OPENS_PER_SECOND, AT_MOST_SECONDS, file)) {
      var command = new ArrayList<>(program);
      command.addAll(
          List.of(
              "run",
              "--receivers=file_open",
              "--otlp=" + sink.endpoint(),
              "--set=file_open.pid=" + workload.pid(),
              "--set=file_open.events=true"));
      var opening = CompletableFuture.runAsync(() -> runToItsEnd(workload));
      var builder = new ProcessBuilder(command);
      builder.environment().keySet().removeIf(name -> name.startsWith("OTEL_"));
      builder.environment().put("OTEL_BLRP_SCHEDULE_DELAY", "1");
      var said = directory.resolve("start.err");
      builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(said.toFile());
      long wallNs = wallNs();
      long begunNs = System.nanoTime();
      var process = builder.start();
      try {
        // Whichever comes first; an agent that ends at once would otherwise be awaited in vain.
        CompletableFuture.anyOf(sink.first(), process.onExit(), opening)
            .get(AT_MOST_SECONDS, TimeUnit.SECONDS);
        if (!sink.first().isDone())
          throw new AssertionError("no event arrived: " + Files.readString(said));
        var first = sink.first().get();
        return new Start((first.happenedNs() - wallNs) / 1e9, (first.arrivedNs() - begunNs) / 1e9);
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
  }

  private static void runToItsEnd(Workload workload) {
    try {
      workload.run();
    } catch (Exception e) {
      // It is killed as soon as the first event has arrived.
    }
  }

  private static long wallNs() {
    var now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000 + now.getNano();
  }

  private static Spread spread(List<Start> starts, ToDoubleFunction<Start> figure) {
    return Spread.of(starts.stream().mapToDouble(figure).toArray());
  }
}
