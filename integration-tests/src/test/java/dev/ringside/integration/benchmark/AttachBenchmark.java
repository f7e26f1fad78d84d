package dev.ringside.integration.benchmark;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// How long it takes to watch many functions of the kernel, and to stop.
final class AttachBenchmark implements Benchmark {
  private static final Path LAB = Path.of("lab").toAbsolutePath();
  private static final Duration IN_GUEST = Duration.ofMinutes(5);
  private static final List<String> COUNTS = List.of("1", "100", "1000");

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
    In an emulated machine with one processor a program loads `function_latency` for 1, 100 and 1000 functions of \
    the kernel, by each mechanism, and detaches: milliseconds by that machine's clock, once each. Emulated, \
    everything takes ten to thirty times as long as on the machine outside. Loading has the object itself in it, \
    whose programs are verified once.\
    """;
  }

  @Override
  public String peer() {
    return "None: no peer watches hundreds of functions.";
  }

  @Override
  public Duration limit() {
    return IN_GUEST.multipliedBy(GUESTS.size()).plusMinutes(1);
  }

  @Override
  public Result run(Path directory) throws Exception {
    var result = new Result();
    var table = Table.of("Kernel, by", "functions", "load (ms)", "detach (ms)");
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
        result.notMeasured("kernel " + guest.kernel() + ": not all mechanisms gave figures");
    }
    return result.table(table);
  }

  private static String said(Guest guest, Path directory) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(LAB + "/boot", "-c", "1", "-m", "2048", "-o", directory.toString()));
    command.addAll(List.of("-t", Long.toString(IN_GUEST.toSeconds() - 30), guest.kernel()));
    command.addAll(
        List.of(
            System.getProperty("java.home") + "/bin/java",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.ringside.integration.benchmark.AttachTimes"));
    command.addAll(guest.mechanisms());
    command.addAll(COUNTS);
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("boot.log").toFile())
            .start();
    try {
      boolean ended = process.waitFor(IN_GUEST.toSeconds(), TimeUnit.SECONDS);
      assumeTrue(ended, "the guest did not end in time");
      return Files.readString(directory.resolve("stdout"));
    } finally {
      // boot ends its guest when it is told to end.
      process.destroy();
      process.waitFor(10, TimeUnit.SECONDS);
    }
  }
}
