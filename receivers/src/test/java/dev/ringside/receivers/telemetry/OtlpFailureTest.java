package dev.ringside.receivers.telemetry;

import static dev.ringside.receivers.telemetry.DirectTelemetryTest.emit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Our account, against OpenTelemetry's own exporters and servers that come, go and refuse.
@Timeout(60)
class OtlpFailureTest {
  private final List<ExportState> states = new CopyOnWriteArrayList<>();

  @Test
  void keepsEverythingForAServerThatComesLater() {
    int port;
    try (var first = new OtlpServer(0)) {
      port = first.port();
    }
    var direct = direct(http("http://127.0.0.1:" + port + "/v1/logs"));
    var polling = CompletableFuture.runAsync(() -> emit(direct.receiver("r", "1"), 1, 1000));
    await().until(() -> !states.isEmpty());

    try (var server = new OtlpServer(port)) {
      polling.join();
      direct.close();

      assertThat(arrived(server)).isEqualTo(1000);
    }
    assertAccount(direct, 1000, 1000, Map.of());
    assertThat(states)
        .extracting(ExportState::exporter)
        .containsExactly(
            "http://127.0.0.1:" + port + "/v1/logs", "http://127.0.0.1:" + port + "/v1/logs");
    assertThat(states.getFirst().message()).contains("does not answer: ConnectException");
  }

  @Test
  void keepsEverythingForAServerThatIsBusy() {
    try (var server = new OtlpServer(0)) {
      server.status = 503;
      var direct = direct(http(server.url("logs")));
      var polling = CompletableFuture.runAsync(() -> emit(direct.receiver("r", "1"), 1, 1000));
      await().until(() -> !states.isEmpty());

      server.status = 200;
      polling.join();
      direct.close();

      assertThat(arrived(server)).isEqualTo(1000);
      assertAccount(direct, 1000, 1000, Map.of());
    }
  }

  @Test
  void countsWhatAnHttpServerRefuses() {
    try (var server = new OtlpServer(0)) {
      server.status = 401;
      var direct = direct(http(server.url("logs")));

      emit(direct.receiver("r", "1"), 1, 100);
      server.status = 200;
      emit(direct.receiver("r", "1"), 101, 150);
      direct.close();

      assertThat(arrived(server)).isEqualTo(50);
      assertAccount(direct, 150, 50, Map.of("export_refused", 100L));
    }
  }

  @Test
  void countsWhatAGrpcServerRefuses() {
    try (var service = new LogsService()) {
      service.status = Status.UNAUTHENTICATED.withDescription("who are you");
      var direct = direct(grpc(service.url(), MemoryMode.REUSABLE_DATA));

      emit(direct.receiver("r", "1"), 1, 100);
      direct.close();

      assertAccount(direct, 100, 0, Map.of("export_refused", 100L));
      assertThat(states.getFirst().message()).contains("gRPC UNAUTHENTICATED who are you");
    }
  }

  @Test
  void keepsEverythingForAGrpcServerThatIsUnavailable() {
    try (var service = new LogsService()) {
      service.status = Status.UNAVAILABLE.withDescription("starting");
      var direct = direct(grpc(service.url(), MemoryMode.REUSABLE_DATA));
      var polling = CompletableFuture.runAsync(() -> emit(direct.receiver("r", "1"), 1, 300));
      await().until(() -> !states.isEmpty());

      service.status = Status.OK;
      polling.join();
      direct.close();

      assertThat(arrived(service)).isEqualTo(300);
      assertAccount(direct, 300, 300, Map.of());
    }
  }

  @ParameterizedTest
  @EnumSource(MemoryMode.class)
  void aGrpcServerGetsEveryEventOnce(MemoryMode mode) {
    try (var service = new LogsService()) {
      var direct = direct(grpc(service.url(), mode));

      emit(direct.receiver("r", "1"), 1, 1050);
      direct.close();

      assertThat(
              service.logs.stream()
                  .flatMap(request -> request.getResourceLogs(0).getScopeLogsList().stream())
                  .flatMap(scope -> scope.getLogRecordsList().stream())
                  .map(event -> event.getAttributes(0).getValue().getIntValue())
                  .toList())
          .isEqualTo(DirectTelemetryTest.pids(1, 1050));
      assertAccount(direct, 1050, 1050, Map.of());
    }
  }

  private DirectTelemetry direct(LogRecordExporter exporter) {
    return DirectTelemetry.builder()
        .logs(List.of(exporter))
        .clock(new BootClock())
        .batchSize(100)
        .retryPauses(Duration.ofMillis(10), Duration.ofMillis(50))
        .onExportState(states::add)
        .build();
  }

  // Without the exporters' own retries, which would only make the tests slower.
  private static LogRecordExporter http(String url) {
    return OtlpHttpLogRecordExporter.builder().setEndpoint(url).setRetryPolicy(null).build();
  }

  private static LogRecordExporter grpc(String url, MemoryMode mode) {
    return OtlpGrpcLogRecordExporter.builder()
        .setEndpoint(url)
        .setMemoryMode(mode)
        .setRetryPolicy(null)
        .build();
  }

  private static int arrived(OtlpServer server) {
    return server.logs.stream()
        .mapToInt(request -> request.getResourceLogs(0).getScopeLogs(0).getLogRecordsCount())
        .sum();
  }

  private static int arrived(LogsService service) {
    return service.logs.stream()
        .mapToInt(request -> request.getResourceLogs(0).getScopeLogs(0).getLogRecordsCount())
        .sum();
  }

  private static void assertAccount(
      DirectTelemetry direct, long emitted, long exported, Map<String, Long> lost) {
    assertThat(direct.statistics())
        .containsExactly(new ExportStatistics("r", emitted, exported, lost, 0));
  }
}
