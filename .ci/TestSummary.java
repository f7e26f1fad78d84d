import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Says what the tests did, from the reports they left: `java .ci/TestSummary.java DIRECTORY`, or,
/// only of the laboratory, `java .ci/TestSummary.java --laboratory DIRECTORY`.
///
/// The exit code is 0 only if something ran and nothing failed.
final class TestSummary {
  private static final List<String> MODULES =
      List.of("bpf", "semconv", "receivers", "otel-config", "integration-tests");

  public static void main(String[] args) throws Exception {
    var house = Path.of(args[args.length - 1]);
    var all = new ArrayList<TestResult>();
    System.out.println();
    if (!Arrays.asList(args).contains("--laboratory"))
      for (var module : MODULES) all.addAll(module(house.resolve(module)));
    var laboratory = Laboratory.read(house.resolve("integration-tests"));
    if (!laboratory.isEmpty()) laboratory.print(System.out);
    all.addAll(laboratory.results());
    System.out.printf("%n%s%n", counts(all));
    boolean isGood =
        all.stream().anyMatch(TestResult::isPassed) && all.stream().noneMatch(TestResult::isFailed);
    if (!isGood) System.exit(1);
  }

  private static List<TestResult> module(Path module) throws Exception {
    var results = TestResult.read(module.resolve("target/surefire-reports"));
    System.out.printf(
        "%-18s %s%n", module.getFileName(), results.isEmpty() ? "no test ran" : counts(results));
    results.stream().filter(r -> !r.isPassed()).forEach(r -> System.out.println("    " + r));
    return results;
  }

  private static String counts(List<TestResult> results) {
    long passed = results.stream().filter(TestResult::isPassed).count();
    long failed = results.stream().filter(TestResult::isFailed).count();
    return "%d passed, %d failed, %d skipped"
        .formatted(passed, failed, results.size() - passed - failed);
  }
}
