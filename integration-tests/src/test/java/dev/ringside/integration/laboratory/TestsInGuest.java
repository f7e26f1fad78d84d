package dev.ringside.integration.laboratory;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.reporting.legacy.xml.LegacyXmlReportGeneratingListener;

/// Runs tests where there is no Maven: `TestsInGuest REPORTS CLASS[#METHOD]...`. All of them in one
/// JVM, since a JVM needs many seconds to get going when its processor is emulated.
///
/// The report is the XML that Maven's tests leave as well. Ends with 0 if something ran and nothing
/// failed.
final class TestsInGuest {
  private TestsInGuest() {}

  public static void main(String[] args) {
    var tests = Arrays.stream(args).skip(1).map(TestsInGuest::selector).toList();
    var out = new PrintWriter(System.out, true);
    var summary = new SummaryGeneratingListener();
    var request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(tests)
            .configurationParameter("junit.platform.output.capture.stdout", "false")
            .build();
    LauncherFactory.create()
        .execute(
            request,
            summary,
            new TestLines(out),
            (TestExecutionListener) new LegacyXmlReportGeneratingListener(Path.of(args[0]), out));
    var counts = summary.getSummary();
    boolean isGood = counts.getTotalFailureCount() == 0 && counts.getTestsStartedCount() > 0;
    // Not by returning: a thread that a failed test left behind must not keep the guest alive.
    System.exit(isGood ? 0 : 1);
  }

  private static DiscoverySelector selector(String test) {
    var named = test.split("#", 2);
    return named.length == 1 ? selectClass(test) : method(named[0], named[1]);
  }

  /// By name alone, whatever parameters it has: no two tests of a class have the same name.
  private static DiscoverySelector method(String type, String name) {
    try {
      var found = Class.forName(type);
      return Arrays.stream(found.getDeclaredMethods())
          .filter(method -> method.getName().equals(name))
          .findFirst()
          .map(method -> selectMethod(found, name, method.getParameterTypes()))
          .orElseThrow(() -> new IllegalArgumentException(type + " has no test " + name));
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException("no test " + type, e);
    }
  }
}
