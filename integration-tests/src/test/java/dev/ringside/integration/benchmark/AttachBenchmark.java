package dev.ringside.integration.benchmark;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// How long it takes to watch many functions of the kernel, and to stop.
final class AttachBenchmark implements Benchmark {
  private static final Path LAB = Path.of("lab").toAbsolutePath();
  private static final Duration IN_GUEST = Duration.ofMinutes(4);
  private static final Duration HERE = Duration.ofMinutes(2);
  private static final int ROUNDS = 5;
  private static final List<String> COUNTS = List.of("1", "100", "1000");

  /// Milliseconds that so many functions may take.
  private static final Map<Integer, Long> LIMITS = Map.of(100, 2000L, 1000, 10_000L);

  private static final Pattern LINE =
      Pattern.compile("(?m)^(\\w+) (\\d+) functions (\\d+) load (\\d+) detach (\\d+)$");

  /// A kernel of the laboratory, and the mechanisms that it has.
  private record Guest(String kernel, List<String> mechanisms) {}

  private static final List<Guest> GUESTS =
      List.of(
          new Guest("6.12", List.of("trampoline", "kprobe_session", "multi", "kprobe")),
          new Guest("7.2", List.of("fsession", "fsession_multi", "trampoline", "kprobe_session")));

  @Override
  public String name() {
    return "attach";
  }

  @Override
  public String title() {
    return "Time to watch many functions of the kernel";
  }

  @Override
  public String what() {
    return """
    A program loads `function_latency` for 1, 100 and 1000 functions of the kernel, by each mechanism, and \
    detaches: milliseconds, once each, in an emulated machine with one processor, by that machine's clock. Emulated, \
    everything takes ten to thirty times as long as on the machine outside. There the same is done with \
    `user_function_latency` and functions of libcrypto, in %d rounds. Loading has the object itself in it, whose \
    programs are verified once.\
    """
        .formatted(ROUNDS);
  }

  @Override
  public String peer() {
    return "None: no peer watches hundreds of functions.";
  }

  @Override
  public Duration limit() {
    return IN_GUEST.multipliedBy(GUESTS.size()).plus(HERE);
  }

  @Override
  public Result run(Path directory) throws Exception {
    var result = new Result();
    result.table(here(result, directory.resolve("here.log")));
    var table = Table.of("Emulated: kernel, by", "functions", "load (ms)", "detach (ms)");
    for (var guest : GUESTS) {
      var said = said(guest, Files.createDirectories(directory.resolve(guest.kernel())));
      var lines = LINE.matcher(said).results().toList();
      for (var line : lines)
        table.row(
            guest.kernel() + ", " + line.group(1).replace('_', '.'),
            Long.valueOf(line.group(3)),
            Long.valueOf(line.group(4)),
            Long.valueOf(line.group(5)));
      if (lines.size() < guest.mechanisms().size() * COUNTS.size())
        result.notMeasured(
            "kernel " + guest.kernel() + ": what is missing in the table takes minutes there");
    }
    return result.table(table);
  }

  /// On this machine, which perhaps lets nobody watch its own functions.
  private static Table here(Result result, Path log) throws IOException, InterruptedException {
    var load = new TreeMap<Integer, List<Double>>();
    var detach = new TreeMap<Integer, List<Double>>();
    var command = program(List.of("user_multi"));
    for (int round = 0; round < ROUNDS; round++) {
      var process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assumeTrue(process.waitFor() == 0, () -> "user functions cannot be watched: see " + log);
      LINE.matcher(said)
          .results()
          .forEach(line -> {
            var functions = Integer.valueOf(line.group(3));
            load.computeIfAbsent(functions, n -> new ArrayList<>())
                .add(milliseconds(line.group(4)));
            detach
                .computeIfAbsent(functions, n -> new ArrayList<>())
                .add(milliseconds(line.group(5)));
          });
    }
    var table = Table.of("Here, by", "functions", "load (ms)", "detach (ms)");
    load.forEach((functions, took) -> {
      var attached = Spread.of(took);
      var detached = Spread.of(detach.get(functions));
      table.row("uprobe.multi", functions, attached, detached);
      var limit = LIMITS.get(functions);
      if (limit != null)
        result.verdict(
            Verdict.atMost(
                limit,
                Math.max(attached.median(), detached.median()),
                functions + " functions are watched in " + limit / 1000 + " s, and left as fast",
                "%.0f ms and %.0f ms, by uprobes".formatted(attached.median(), detached.median())));
    });
    return table;
  }

  private static double milliseconds(String text) {
    return Double.parseDouble(text);
  }

  private static List<String> program(List<String> mechanisms) {
    var command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), AttachTimes.class.getName()));
    command.addAll(mechanisms);
    command.addAll(COUNTS);
    return command;
  }

  private static String said(Guest guest, Path directory) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(LAB + "/boot", "-c", "1", "-m", "2048", "-o", directory.toString()));
    command.addAll(List.of("-t", Long.toString(IN_GUEST.toSeconds() - 30), guest.kernel()));
    command.addAll(program(guest.mechanisms()));
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("boot.log").toFile())
            .start();
    try {
      // What it has said until then stands.
      process.waitFor(IN_GUEST.toSeconds(), TimeUnit.SECONDS);
      return Files.readString(directory.resolve("stdout"));
    } finally {
      // boot ends its guest when it is told to end.
      process.destroy();
      process.waitFor(10, TimeUnit.SECONDS);
    }
  }
}
