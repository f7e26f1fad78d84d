import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the tests did in the kernels of the laboratory.
///
/// A test may be skipped there only for want of a feature that `lab/features` knows and that the
/// kernel has not; any other skip is a failure.
///
/// @param byKernel in the order of `lab/kernels`, those that were asked to run
record Laboratory(Map<String, List<TestResult>> byKernel) {
  private static final String ALL = "(all)";

  static Laboratory read(Path room) throws Exception {
    var features = features(room.resolve("lab/features"));
    var byKernel = new LinkedHashMap<String, List<TestResult>>();
    for (var line : lines(room.resolve("lab/kernels"))) {
      var kernel = line.split(" +")[0];
      var directory = room.resolve("target/lab").resolve(kernel);
      var missing = directory.resolve("missing");
      if (Files.exists(missing))
        byKernel.put(kernel, notRun(directory.resolve("tests"), missing));
      else if (Files.isDirectory(directory))
        byKernel.put(
            kernel, ofKernel(directory).stream().map(r -> judge(r, kernel, features)).toList());
    }
    return new Laboratory(byKernel);
  }

  private static List<TestResult> ofKernel(Path kernel) throws Exception {
    var results = new ArrayList<TestResult>();
    try (var rooms = Files.newDirectoryStream(kernel, Files::isDirectory)) {
      for (var room : rooms) results.addAll(TestResult.read(room));
    }
    var broken = kernel.resolve("broken");
    if (Files.exists(broken)) results.add(whole(TestResult.Outcome.FAILED, broken));
    return results;
  }

  /// Each test, or class of tests, that would have run there.
  private static List<TestResult> notRun(Path tests, Path why) throws IOException {
    var reason = Files.readString(why).strip();
    var results = new ArrayList<TestResult>();
    for (var line : lines(tests)) {
      for (var test : line.split(" +")) {
        if (!test.contains(".")) continue; // the room
        var names = test.substring(test.lastIndexOf('.') + 1).split("#");
        var name = names.length > 1 ? names[1] : ALL;
        results.add(new TestResult(names[0], name, TestResult.Outcome.SKIPPED, reason));
      }
    }
    return results;
  }

  private static TestResult whole(TestResult.Outcome outcome, Path why) throws IOException {
    return new TestResult("(kernel)", "boots", outcome, Files.readString(why).strip());
  }

  private static TestResult judge(
      TestResult result, String kernel, Map<String, List<String>> features) {
    if (result.outcome() != TestResult.Outcome.SKIPPED) return result;
    for (var feature : features.entrySet())
      if (result.reason().contains(feature.getKey()))
        return feature.getValue().contains(kernel)
            ? result.asFailure("skipped, though " + kernel + " has it: ")
            : result;
    return result.asFailure("skipped for no feature that lab/features knows: ");
  }

  /// Which kernels have what.
  private static Map<String, List<String>> features(Path file) throws IOException {
    var features = new HashMap<String, List<String>>();
    for (var line : lines(file)) {
      var halves = line.split(":", 2);
      features.put(halves[0].strip(), Arrays.asList(halves[1].strip().split(" +")));
    }
    return features;
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .toList();
  }

  boolean isEmpty() {
    return byKernel.isEmpty();
  }

  List<TestResult> results() {
    return byKernel.values().stream().flatMap(List::stream).toList();
  }

  /// A line for each class: how many of its tests passed in each kernel; what did not, below, each
  /// reason once for a kernel that is not there.
  void print(PrintStream out) {
    out.printf("%n%-34s", "laboratory");
    byKernel.keySet().forEach(kernel -> out.printf("%-24s", kernel));
    out.println();
    var classes = new TreeMap<String, Map<String, List<TestResult>>>();
    byKernel.forEach((kernel, results) ->
        results.forEach(result ->
            classes
                .computeIfAbsent(result.type(), c -> new HashMap<>())
                .computeIfAbsent(kernel, k -> new ArrayList<>())
                .add(result)));
    classes.forEach((type, kernels) -> {
      out.printf("    %-30s", type);
      for (var kernel : byKernel.keySet())
        out.printf("%-24s", cell(kernels.getOrDefault(kernel, List.of())));
      out.println();
    });
    byKernel.forEach((kernel, results) -> {
      var notRun = results.stream().filter(result -> result.name().equals(ALL)).toList();
      if (!notRun.isEmpty())
        out.printf("    %-5s skipped: %s%n", kernel, notRun.getFirst().reason());
      results.stream()
          .filter(result -> !result.isPassed() && !notRun.contains(result))
          .forEach(result -> out.printf("    %-5s %s%n", kernel, result));
    });
  }

  private static String cell(List<TestResult> results) {
    if (results.isEmpty()) return "–";
    var cell = new ArrayList<String>();
    long passed = results.stream().filter(TestResult::isPassed).count();
    long failed = results.stream().filter(TestResult::isFailed).count();
    long skipped = results.size() - passed - failed;
    if (passed > 0) cell.add(passed + " passed");
    if (skipped > 0) cell.add(skipped + " skipped");
    if (failed > 0) cell.add(failed + " FAILED");
    return String.join(", ", cell);
  }
}
