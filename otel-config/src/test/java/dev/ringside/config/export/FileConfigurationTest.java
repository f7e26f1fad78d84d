package dev.ringside.config.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ringside.config.fake.OtlpServer;
import dev.ringside.config.file.ConfigurationFile;
import dev.ringside.config.tree.InvalidConfigurationException;
import dev.ringside.config.tree.Node;
import dev.ringside.config.tree.Problem;
import dev.ringside.config.tree.Yaml;
import io.opentelemetry.api.common.AttributeKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FileConfigurationTest {
  private static ConfigurationFile file(String text) {
    var problems = new ArrayList<Problem>();
    var root = (Node.Mapping) Yaml.read("f.yaml", text, Map.of(), problems).orElseThrow();
    return new ConfigurationFile(Path.of("f.yaml"), text, root, Optional.empty(), Optional.empty());
  }

  private static String everything(String url) {
    return """
    file_format: "1.1"
    resource:
      attributes:
        - {name: deployment.environment.name, value: test}
    logger_provider:
      processors:
        - batch:
            max_export_batch_size: 100
            schedule_delay: 250
            exporter: {otlp_http: {endpoint: "URL/v1/logs"}}
    tracer_provider:
      processors:
        - batch:
            exporter: {otlp_http: {endpoint: "URL/v1/traces"}}
    meter_provider:
      readers:
        - periodic:
            interval: 5000
            exporter: {otlp_http: {endpoint: "URL/v1/metrics"}}
        - periodic:
            exporter: {console: {}}
    """
        .replace("URL", url);
  }

  @Test
  void givesTheExportersOfTheFile() throws IOException {
    try (var server = new OtlpServer();
        var exporters = FileConfiguration.read(file(everything(server.url())))) {

      var logs = exporters.logs().getFirst().export(List.of()).join(10, TimeUnit.SECONDS);
      var spans = exporters.spans().getFirst().export(List.of()).join(10, TimeUnit.SECONDS);
      var metrics =
          exporters.metrics().getFirst().exporter().export(List.of()).join(10, TimeUnit.SECONDS);

      assertThat(List.of(logs.isSuccess(), spans.isSuccess(), metrics.isSuccess()))
          .containsOnly(true);
      assertThat(server.paths).containsExactly("/v1/logs", "/v1/traces", "/v1/metrics");
    }
  }

  @Test
  void givesIntervalsAndBatchSizesOfTheFile() {
    try (var exporters = FileConfiguration.read(file(everything("http://127.0.0.1:1")))) {
      assertThat(exporters.metrics())
          .extracting(MetricOutlet::interval)
          .containsExactly(Duration.ofSeconds(5), Duration.ofMinutes(1));
      assertThat(exporters.batching()).isEqualTo(new Batching(100, Duration.ofMillis(250)));
    }
  }

  @Test
  void givesOnlyWhatTheUserSaidAboutTheResource() {
    try (var exporters = FileConfiguration.read(file(everything("http://127.0.0.1:1")))) {
      assertThat(exporters.configured().getAttributes().asMap())
          .containsOnly(Map.entry(AttributeKey.stringKey("deployment.environment.name"), "test"));
    }
  }

  @Test
  void sendsNothingByItself() throws IOException {
    try (var server = new OtlpServer()) {
      var often = everything(server.url()).replace("interval: 5000", "interval: 20");

      try (var exporters = FileConfiguration.read(file(often))) {
        assertThat(exporters.isEmpty()).isFalse();
        await().during(Duration.ofMillis(300)).until(server.paths::isEmpty);
      }

      assertThat(server.paths).isEmpty();
    }
  }

  @Test
  void saysInOneLineWhatOpenTelemetryDoesNotTake() {
    var wrong =
        file(
            """
            file_format: "1.1"
            meter_provider:
              readers:
                - periodic: {intervall: 5000}
            """);

    assertThatThrownBy(() -> FileConfiguration.read(wrong))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageStartingWith(
            "f.yaml:4:18: meter_provider.readers[0].periodic.intervall: no such key;"
                + " did you mean interval? Allowed: cardinality_limits, exporter, interval,")
        .hasMessageNotContaining("\n");
  }

  @Test
  void saysWhichValueOpenTelemetryDoesNotTake() {
    var wrong =
        file(
            """
            file_format: "1.1"
            meter_provider:
              readers:
                - periodic: {interval: often}
            """);

    assertThatThrownBy(() -> FileConfiguration.read(wrong))
        .hasMessageStartingWith("f.yaml:4:18: meter_provider.readers[0].periodic.interval: ")
        .hasMessageContaining("often")
        .hasMessageNotContaining("\n");
  }

  @Test
  void saysWhichExporterDoesNotExist() {
    var wrong =
        file(
            """
            file_format: "1.1"
            logger_provider:
              processors:
                - simple: {exporter: {carrier_pigeon: {}}}
            """);

    assertThatThrownBy(() -> FileConfiguration.read(wrong))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("carrier_pigeon")
        .hasMessageNotContaining("\n");
  }
}
