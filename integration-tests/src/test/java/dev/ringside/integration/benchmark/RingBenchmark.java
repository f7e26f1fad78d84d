package dev.ringside.integration.benchmark;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Mapped ring to decoded record.
final class RingBenchmark implements Benchmark {
  private static final int ROUNDS = 300;
  private static final int WARM = 100;
  private static final int CALLS = 24;
  private static final Path OBJECT =
      Path.of("target/test-classes/bpf", architecture(), "reading.bpf.o").toAbsolutePath();

  @Override
  public String name() {
    return "ring";
  }

  @Override
  public String title() {
    return "Mapped ring to decoded record";
  }

  @Override
  public String what() {
    return """
    A ring is filled with %d events, of eight numbers each, and then read to its end: nanoseconds per event, the \
    median of %d rounds after %d to warm up. A record in Java is an object, its path an array of bytes of its own; \
    as neither program keeps records, C2 leaves out the object, and gcc the struct. In C one thread fills and reads \
    the ring, in Java the polling thread reads what another one filled, with its handler's calls and its own rounds; \
    both add the numbers up, and count. Each program is bound to one processor (`taskset`), so that all of them find \
    the events in its cache.\
    """
        .formatted(CALLS * 1024, ROUNDS - WARM, WARM);
  }

  @Override
  public String peer() {
    return "libbpf's `ring_buffer__consume` in C (gcc -O2), which fills a struct, and copies the path with malloc.";
  }

  @Override
  public Result run(Path directory) throws Exception {
    assumeTrue(Files.exists(OBJECT), "no " + OBJECT);
    var c = directory.resolve("reading");
    said(List.of("cc", "-O2", "-o", c.toString(), "workload/reading.c", "-lbpf"));
    var table = Table.of("Reader", "numbers (ns)", "numbers and a path (ns)");
    var result = new Result();
    var libbpf = new Spread[2];
    var c2 = new Spread[2];
    var c1 = new Spread[2];
    for (int path = 0; path < 2; path++) {
      libbpf[path] =
          spread(
              bound(List.of(c.toString(), OBJECT.toString(), path + "", ROUNDS + "", CALLS + "")));
      c2[path] = spread(bound(java(List.of(), path)));
      c1[path] = spread(bound(java(List.of("-XX:TieredStopAtLevel=1"), path)));
    }
    table.row("libbpf in C", libbpf[0], libbpf[1]);
    table.row("Ringside, C2", c2[0], c2[1]);
    table.row("Ringside, C1", c1[0], c1[1]);
    return result
        .verdict(
            Verdict.atMost(
                libbpf[0].median(),
                c2[0].median(),
                "at most the time of libbpf in C, for numbers",
                "%.1f ns with C2 and %.1f ns with C1, and %.1f ns in C"
                    .formatted(c2[0].median(), c1[0].median(), libbpf[0].median())))
        .table(table);
  }

  /// To the last of the processors that this process may use, as `0-1,4` lists them.
  private static List<String> bound(List<String> command) throws IOException {
    try (var status = Files.lines(Path.of("/proc/self/status"))) {
      var allowed = status.filter(line -> line.startsWith("Cpus_allowed_list:")).findFirst();
      var last = allowed.orElseThrow().replaceFirst(".*\\D", "");
      var all = new ArrayList<>(List.of("taskset", "-c", last));
      all.addAll(command);
      return all;
    }
  }

  private static List<String> java(List<String> options, int path) {
    var command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xms16m", "-Xmx96m"));
    command.addAll(List.of("-XX:+UseCompactObjectHeaders"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(RingReading.class.getName(), path + "", ROUNDS + "", CALLS + ""));
    return command;
  }

  private static Spread spread(List<String> command) throws IOException, InterruptedException {
    return Spread.of(said(command).lines().skip(WARM).map(Double::valueOf).toList());
  }

  private static String said(List<String> command) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0)
      throw new IOException(String.join(" ", command) + " failed: " + said);
    return said;
  }

  private static String architecture() {
    var name = System.getProperty("os.arch");
    return name.equals("amd64") ? "x86_64" : name;
  }
}
