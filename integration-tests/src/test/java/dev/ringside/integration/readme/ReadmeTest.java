package dev.ringside.integration.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.receivers.ReceiverType;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Metrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  private static final Path HOUSE = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

  private String readme;

  @BeforeEach
  void read() throws Exception {
    readme = Files.readString(HOUSE.resolve("README.md"));
  }

  @Test
  void showsTheConfigurationFileThatIsInTheHouse() throws Exception {
    assertThat(readme).contains(Files.readString(HOUSE.resolve("otel-config/ringside.yaml")));
  }

  @Test
  void namesEveryReceiverAndItsSignals() {
    for (ReceiverType<?> type : ServiceLoader.load(ReceiverType.class)) {
      var row = readme.lines().filter(l -> l.startsWith("| `" + type.name() + "`")).findFirst();
      assertThat(row).as(type.name()).isPresent();
      for (var metric : Metrics.ALL) {
        if (metric.receiver().equals(type.name())) assertThat(row.get()).contains(metric.name());
      }
      for (var event : Events.ALL) {
        if (event.receiver().equals(type.name())) assertThat(row.get()).contains(event.name());
      }
    }
  }

  /// What is measured anew is told anew.
  @Test
  void tellsOfBenchmarksWhatTheirPageSays() throws Exception {
    var page = Files.readString(HOUSE.resolve("integration-tests/BENCHMARKS.md"));

    var opens = figure(page, "at most the CPU of `opensnoop`\\. .*, ([\\d.]+) times as much");
    var idle = figure(page, "idle in under 100 MB\\. ([\\d.]+) MB resident");

    assertThat(readme)
        .contains("take %.2f of the CPU of `opensnoop`".formatted(opens))
        .contains("under 0.1 %% of a core and %.0f MB".formatted(idle));
  }

  private static double figure(String page, String pattern) {
    var found = Pattern.compile("\\*\\*met\\*\\*: " + pattern).matcher(page);
    assertThat(found.find()).as(pattern).isTrue();
    return Double.parseDouble(found.group(1));
  }

  @Test
  void linksToWhatIsThere() {
    var links = LINK.matcher(readme).results().map(m -> m.group(1)).toList();

    assertThat(links).isNotEmpty().allSatisfy(l -> assertThat(HOUSE.resolve(l)).exists());
  }
}
