package dev.ringside.config.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ringside.config.fake.OtlpServer;
import dev.ringside.config.tree.InvalidConfigurationException;
import io.opentelemetry.api.common.AttributeKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentConfigurationTest {
  @Test
  void givesTheExportersThatTheVariablesName() throws IOException {
    try (var server = new OtlpServer();
        var exporters =
            EnvironmentConfiguration.read(
                Map.of(
                    "otel.exporter.otlp.endpoint",
                    server.url(),
                    "otel.exporter.otlp.protocol",
                    "http/protobuf"))) {

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
  void sendsNothingByItself() throws IOException {
    try (var server = new OtlpServer()) {
      var often =
          Map.of(
              "otel.exporter.otlp.endpoint", server.url(),
              "otel.exporter.otlp.protocol", "http/protobuf",
              "otel.metric.export.interval", "20",
              "otel.experimental.sdk.telemetry.version", "latest");

      try (var exporters = EnvironmentConfiguration.read(often)) {
        assertThat(exporters.isEmpty()).isFalse();
        await().during(Duration.ofMillis(300)).until(server.paths::isEmpty);
      }

      assertThat(server.paths).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://collector.example:4318, http/protobuf, gzip",
    "http://127.0.0.1.example:4318, http/protobuf, gzip",
    "http://localhost:4318, http/protobuf, none",
    "http://127.0.0.1:4318/, http/protobuf, none",
    "http://[::1]:4318, http/protobuf, none",
    "http://collector.example:4317, grpc, none",
  })
  void compressesOverHttpWhereBytesLeaveTheMachine(
      String endpoint, String protocol, String compression) {
    var variables =
        Map.of("otel.exporter.otlp.endpoint", endpoint, "otel.exporter.otlp.protocol", protocol);

    try (var exporters = EnvironmentConfiguration.read(variables)) {
      assertThat(exporters.logs().getFirst())
          .asString()
          .endsWith(protocol + ", compression=" + compression + "}");
    }
  }

  @Test
  void compressesAsTheUserSays() {
    try (var exporters =
        EnvironmentConfiguration.read(Map.of("otel.exporter.otlp.compression", "gzip"))) {
      assertThat(exporters.logs().getFirst()).asString().contains("compression=gzip");
    }
  }

  @Test
  void givesIntervalsAndBatchSizes() {
    var variables =
        Map.of(
            "otel.metric.export.interval", "15000",
            "otel.blrp.max.export.batch.size", "64",
            "otel.blrp.schedule.delay", "2000");

    try (var exporters = EnvironmentConfiguration.read(variables)) {
      assertThat(exporters.metrics())
          .extracting(MetricOutlet::interval)
          .containsExactly(Duration.ofSeconds(15));
      assertThat(exporters.batching()).isEqualTo(new Batching(64, Duration.ofSeconds(2)));
    }
  }

  @Test
  void givesOnlyWhatTheUserSaidAboutTheResource() {
    var variables = Map.of("otel.resource.attributes", "k8s.node.name=worker-3");

    try (var exporters = EnvironmentConfiguration.read(variables)) {
      assertThat(exporters.configured().getAttributes().asMap())
          .containsOnly(Map.entry(AttributeKey.stringKey("k8s.node.name"), "worker-3"));
    }
  }

  @Test
  void speaksHttpUnlessThePortIsThatOfGrpc() {
    try (var http = EnvironmentConfiguration.read(endpoint("http://127.0.0.1:4318"));
        var grpc = EnvironmentConfiguration.read(endpoint("http://127.0.0.1:4317"))) {
      assertThat(http.logs()).singleElement().asString().contains("http/protobuf");
      assertThat(grpc.logs()).singleElement().asString().contains("grpc");
    }
  }

  private static Map<String, String> endpoint(String url) {
    return Map.of("otel.exporter.otlp.logs.endpoint", url);
  }

  @Test
  void hasNoExportersWhereThereAreNone() {
    var none =
        Map.of(
            "otel.logs.exporter", "none",
            "otel.traces.exporter", "none",
            "otel.metrics.exporter", "none");

    try (var exporters = EnvironmentConfiguration.read(none)) {
      assertThat(exporters.isEmpty()).isTrue();
    }
  }

  @Test
  void saysInOneLineWhatOpenTelemetryDoesNotTake() {
    assertThatThrownBy(() -> EnvironmentConfiguration.read(Map.of("otel.logs.exporter", "pigeon")))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage("OTEL_* variables: Unrecognized value for otel.logs.exporter: pigeon");
  }
}
