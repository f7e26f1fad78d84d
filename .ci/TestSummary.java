import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// Says what the tests did, from the reports they left: `java .ci/TestSummary.java DIRECTORY`.
///
/// The exit code is 0 only if something ran and nothing failed.
final class TestSummary {
  private static final List<String> MODULES =
      List.of("bpf", "semconv", "receivers", "otel-config", "integration-tests");

  private int passed;
  private int failed;
  private int skipped;

  public static void main(String[] args) throws Exception {
    // A failed assertion can quote a whole Collector's file.
    System.setProperty("jdk.xml.maxGeneralEntitySizeLimit", "0");
    System.setProperty("jdk.xml.totalEntitySizeLimit", "0");
    var summary = new TestSummary();
    System.out.println();
    for (var module : MODULES) summary.module(Path.of(args[0], module));
    System.out.println();
    System.out.printf(
        "%d passed, %d failed, %d skipped%n", summary.passed, summary.failed, summary.skipped);
    if (summary.failed > 0 || summary.passed == 0) System.exit(1);
  }

  private void module(Path module) throws Exception {
    int passedBefore = passed;
    int failedBefore = failed;
    int skippedBefore = skipped;
    var notes = new ArrayList<String>();
    for (var report : reports(module)) read(report, notes);
    int ran = passed - passedBefore;
    int failures = failed - failedBefore;
    int skips = skipped - skippedBefore;
    var counts =
        ran + failures + skips == 0
            ? "no test ran"
            : "%d passed, %d failed, %d skipped".formatted(ran, failures, skips);
    System.out.printf("%-18s %s%n", module.getFileName(), counts);
    notes.forEach(note -> System.out.println("    " + note));
  }

  private static List<Path> reports(Path module) throws IOException {
    var directory = module.resolve("target/surefire-reports");
    if (!Files.isDirectory(directory)) return List.of();
    try (var files = Files.list(directory)) {
      return files.filter(f -> f.getFileName().toString().matches("TEST-.*\\.xml")).sorted().toList();
    }
  }

  private void read(Path report, List<String> notes) throws Exception {
    var factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    var tests = factory.newDocumentBuilder().parse(report.toFile()).getElementsByTagName("testcase");
    for (int i = 0; i < tests.getLength(); i++) count((Element) tests.item(i), notes);
  }

  private void count(Element test, List<String> notes) {
    var type = test.getAttribute("classname").replaceFirst(".*\\.", "");
    var name = type + "." + test.getAttribute("name");
    var broken = first(test.getElementsByTagName("failure"), test.getElementsByTagName("error"));
    var left = first(test.getElementsByTagName("skipped"));
    if (broken != null) {
      failed++;
      notes.add("FAILED  " + name + ": " + reason(broken));
    } else if (left != null) {
      skipped++;
      notes.add("skipped " + name + ": " + reason(left));
    } else {
      passed++;
    }
  }

  private static Element first(NodeList... lists) {
    for (var list : lists) if (list.getLength() > 0) return (Element) list.item(0);
    return null;
  }

  private static String reason(Element why) {
    var message = why.getAttribute("message");
    var text = message.isBlank() ? why.getTextContent() : message;
    var line = text.strip().lines().findFirst().orElse("no reason given");
    return line.replaceFirst("^org\\.opentest4j\\.TestAbortedException: (Assumption failed: )?", "")
        .replaceFirst("^Assumption failed: ", "");
  }
}
