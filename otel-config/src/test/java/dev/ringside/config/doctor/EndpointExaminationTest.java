package dev.ringside.config.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.config.fake.OtlpServer;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointExaminationTest {
  private static Findings.EndpointAnswer ask(String url) {
    try (var exporter = OtlpHttpLogRecordExporter.builder().setEndpoint(url).build()) {
      return EndpointExamination.ask(url, () -> exporter.export(List.of()));
    }
  }

  @Test
  void saysThatAnEndpointAnswers() throws IOException {
    try (var server = new OtlpServer()) {
      var answer = ask(server.url() + "/v1/logs");

      assertThat(answer.isGood()).isTrue();
      assertThat(answer.said()).isEqualTo("answers; took an empty export");
    }
  }

  @Test
  void saysThatNobodyListens() throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }

    var answer = ask("http://127.0.0.1:" + port + "/v1/logs");

    assertThat(answer.isGood()).isFalse();
    assertThat(answer.said())
        .isEqualTo(
            "cannot connect to port "
                + port
                + ": Connection refused; is the Collector running, and does it listen there?");
  }

  @Test
  void saysThatSomethingElseHasThePort() throws IOException {
    try (var server = new OtlpServer(404)) {
      var answer = ask(server.url() + "/v1/logs");

      assertThat(answer.isGood()).isFalse();
      assertThat(answer.said()).startsWith("takes connections, but not OTLP: ").contains("404");
    }
  }

  @Test
  void saysThatThereIsNoSuchHost() {
    var answer = ask("http://collector.invalid:4318/v1/logs");

    assertThat(answer.isGood()).isFalse();
    assertThat(answer.said()).startsWith("no host of the name collector.invalid");
  }
}
