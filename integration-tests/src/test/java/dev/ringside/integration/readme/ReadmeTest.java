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

  @Test
  void linksToWhatIsThere() {
    var links = LINK.matcher(readme).results().map(m -> m.group(1)).toList();

    assertThat(links).isNotEmpty().allSatisfy(l -> assertThat(HOUSE.resolve(l)).exists());
  }
}
