package dev.ringside.integration.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.opentest4j.TestAbortedException;

/// `./ringside benchmark [NAME…]`: runs all benchmarks, or those named, and writes the page.
///
/// The exit code is 0 when all that was asked for was measured, whether or not it met its goal; 1
/// when something could not be measured; 2 for a name that does not exist.
final class Benchmarks {
  private static final Path PAGE = Path.of("BENCHMARKS.md");

  private Benchmarks() {}

  /// All there are, in the order of the page.
  static List<Benchmark> all() {
    return List.of(
        new OpensBenchmark(),
        new ConnectionsBenchmark(),
        new RingBenchmark(),
        new OtlpBenchmark(),
        new StartBenchmark(),
        new IdleBenchmark(),
        new InstructionsBenchmark(),
        new ConnectionInstructionsBenchmark(),
        new FunctionsBenchmark(),
        new AttachBenchmark());
  }

  public static void main(String... names) throws Exception {
    var all = all();
    var chosen = chosen(all, List.of(names));
    if (chosen == null) System.exit(2);
    var page = new Page(all.stream().map(Benchmark::name).toList());
    page.read(PAGE);
    boolean measuredAll = true;
    for (var benchmark : chosen) {
      System.err.println("benchmark: " + benchmark.name() + ": " + benchmark.title());
      var begun = Instant.now();
      Section section;
      try {
        var result = measure(benchmark);
        section = Section.of(benchmark, result, Machine.circumstances(begun));
      } catch (TestAbortedException e) {
        measuredAll = false;
        section = Section.without(benchmark, e.getMessage(), Machine.circumstances(begun));
      } catch (Exception | AssertionError e) {
        measuredAll = false;
        e.printStackTrace();
        section = Section.without(benchmark, e.toString(), Machine.circumstances(begun));
      }
      System.out.println(section.markdown());
      page.put(section);
      // After each one: whatever ends the run, what was measured is kept.
      page.write(PAGE, Machine.markdown());
    }
    System.err.println("benchmark: wrote " + PAGE.toAbsolutePath());
    System.exit(measuredAll ? 0 : 1);
  }

  /// The benchmarks named, in the order of all; all when none is named; null when there is no such.
  private static List<Benchmark> chosen(List<Benchmark> all, List<String> names) {
    var unknown = new ArrayList<>(names);
    unknown.removeIf(name -> all.stream().anyMatch(b -> b.name().equals(name)));
    if (unknown.isEmpty())
      return all.stream().filter(b -> names.isEmpty() || names.contains(b.name())).toList();
    System.err.println("benchmark: there is no " + String.join(", ", unknown) + "; there are:");
    for (var benchmark : all)
      System.err.printf("  %-24s %s%n", benchmark.name(), benchmark.title());
    return null;
  }

  private static Result measure(Benchmark benchmark) throws Exception {
    var directory = Files.createTempDirectory("ringside-benchmark-");
    try (var run = Run.of(benchmark, directory)) {
      return run.await(benchmark.limit());
    } finally {
      remove(directory);
    }
  }

  private static void remove(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    }
  }
}
