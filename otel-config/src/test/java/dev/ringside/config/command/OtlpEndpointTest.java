package dev.ringside.config.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringside.config.tree.InvalidConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpEndpointTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "http://collector:4318,-,http://collector:4318,false",
        "http://collector,-,http://collector:4318,false",
        "collector,-,http://collector:4318,false",
        "collector:4317,-,http://collector:4317,true",
        "https://collector:4317/,-,https://collector:4317,true",
        "collector,grpc,http://collector:4317,true",
        "collector:4317,http/protobuf,http://collector:4317,false",
        "http://[::1]:4318,-,http://[::1]:4318,false",
        "https://host/otlp,-,https://host:4318/otlp,false"
      })
  void takesEveryForm(String text, String protocol, String url, boolean isGrpc) {
    var endpoint = OtlpEndpoint.parse(text, protocol);

    assertThat(endpoint).isEqualTo(new OtlpEndpoint(url, isGrpc));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://collector", "http://", "collector:99999", "a b", "http://u:p@host"})
  void saysWhatAnEndpointIs(String text) {
    assertThatThrownBy(() -> OtlpEndpoint.parse(text, null))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageStartingWith(
            "--otlp " + text.replace("u:p@", "") + ": not an endpoint; allowed: http://HOST:4318");
  }

  @Test
  void namesTheNearestProtocol() {
    assertThatThrownBy(() -> OtlpEndpoint.parse("collector", "grcp"))
        .hasMessage(
            "--protocol grcp: no such protocol; did you mean grpc? Allowed: http/protobuf, grpc");
  }

  @Test
  void sendsEverySignalThere() {
    var properties = OtlpEndpoint.parse("collector", null).properties();

    assertThat(properties)
        .containsEntry("otel.exporter.otlp.logs.endpoint", "http://collector:4318/v1/logs")
        .containsEntry("otel.exporter.otlp.metrics.endpoint", "http://collector:4318/v1/metrics")
        .containsEntry("otel.exporter.otlp.traces.protocol", "http/protobuf");
  }
}
