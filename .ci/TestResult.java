import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// What became of a test.
///
/// @param type its class, without the package
/// @param reason of a skip or failure, one line; null when it passed
record TestResult(String type, String name, Outcome outcome, String reason) {
  enum Outcome {
    PASSED,
    SKIPPED,
    FAILED
  }

  private static final int LONGEST = 600;

  /// From all JUnit reports of a directory, which need not be there.
  static List<TestResult> read(Path directory) throws Exception {
    // A failed assertion can quote a whole Collector's file.
    System.setProperty("jdk.xml.maxGeneralEntitySizeLimit", "0");
    System.setProperty("jdk.xml.totalEntitySizeLimit", "0");
    var results = new ArrayList<TestResult>();
    for (var report : reports(directory)) {
      var factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      var tests =
          factory.newDocumentBuilder().parse(report.toFile()).getElementsByTagName("testcase");
      for (int i = 0; i < tests.getLength(); i++) results.add(of((Element) tests.item(i)));
    }
    return results;
  }

  private static List<Path> reports(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) return List.of();
    try (var files = Files.list(directory)) {
      return files.filter(f -> f.getFileName().toString().matches("TEST-.*\\.xml")).sorted().toList();
    }
  }

  private static TestResult of(Element test) {
    var type = test.getAttribute("classname").replaceFirst(".*\\.", "");
    var name = test.getAttribute("name").replaceFirst("\\(.*?\\)", "");
    var broken = first(test.getElementsByTagName("failure"), test.getElementsByTagName("error"));
    var left = first(test.getElementsByTagName("skipped"));
    if (broken != null) return new TestResult(type, name, Outcome.FAILED, failure(broken, type));
    if (left != null) return new TestResult(type, name, Outcome.SKIPPED, reason(left));
    return new TestResult(type, name, Outcome.PASSED, null);
  }

  private static Element first(NodeList... lists) {
    for (var list : lists) if (list.getLength() > 0) return (Element) list.item(0);
    return null;
  }

  /// What an assertion found is below its first line, and where it stands only in the trace.
  private static String failure(Element why, String type) {
    var trace = why.getTextContent();
    if (trace.isBlank()) return reason(why);
    var lines = trace.lines().takeWhile(line -> !line.startsWith("\tat ")).toList();
    var said = String.join(" ", lines).strip().replaceAll("\\s+", " ");
    var file = type.replaceFirst("\\$.*", "") + ".java";
    var where = Pattern.compile("\\(" + Pattern.quote(file) + ":\\d+\\)").matcher(trace);
    return abbreviate(said) + (where.find() ? " " + where.group() : "");
  }

  private static String abbreviate(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }

  private static String reason(Element why) {
    var message = why.getAttribute("message");
    var text = message.isBlank() ? why.getTextContent() : message;
    var line = text.strip().lines().findFirst().orElse("no reason given");
    return line.replaceFirst("^org\\.opentest4j\\.TestAbortedException: (Assumption failed: )?", "")
        .replaceFirst("^Assumption failed: ", "");
  }

  boolean isPassed() {
    return outcome == Outcome.PASSED;
  }

  boolean isFailed() {
    return outcome == Outcome.FAILED;
  }

  /// A skip that should not have been one.
  TestResult asFailure(String why) {
    return new TestResult(type, name, Outcome.FAILED, why + reason);
  }

  @Override
  public String toString() {
    var word = isFailed() ? "FAILED " : isPassed() ? "passed " : "skipped";
    return "%s %s.%s%s".formatted(word, type, name, reason == null ? "" : ": " + reason);
  }
}
