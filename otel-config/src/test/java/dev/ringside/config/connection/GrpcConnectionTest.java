package dev.ringside.config.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Events over gRPC to a server in every mood.
@Timeout(60)
class GrpcConnectionTest {
  private final Service service = new Service();
  private Server server;

  @BeforeEach
  void serve() throws IOException {
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        NettyServerBuilder.forAddress(loopback)
            .addService(service)
            .maxInboundMessageSize(4000)
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void delivers(String compression) {
    try (var path = path(Map.of("otel.exporter.otlp.compression", compression))) {

      path.emit(20);
      path.direct.close();

      assertThat(service.taken).hasValue(20);
      assertThat(path.account().exported()).isEqualTo(20);
    }
  }

  @Test
  void sendsInPartsWhatIsTooLarge() {
    try (var path = path(Map.of())) {

      path.emit(1000);
      path.direct.close();

      assertThat(service.taken).hasValue(1000);
      assertThat(path.account().exported()).isEqualTo(1000);
      assertThat(path.states).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"UNAVAILABLE", "RESOURCE_EXHAUSTED"})
  void leavesAServerAloneForAsLongAsItSays(Code code) {
    var delay = RetryInfo.newBuilder().setRetryDelay(Duration.newBuilder().setSeconds(3600));
    service.script.add(
        StatusProto.toStatusRuntimeException(
            com.google.rpc.Status.newBuilder()
                .setCode(code.getNumber())
                .setMessage("no room")
                .addDetails(Any.pack(delay.build()))
                .build()));
    try (var path = path(Map.of())) {

      path.emit(20);
      for (int i = 0; i < 20; i++) path.direct.afterDrain(); // a pause of our own is 1 ms
      int meanwhile = service.requests.get();
      path.direct.close();

      assertThat(meanwhile).isEqualTo(1);
      assertThat(service.taken).hasValue(20);
      assertThat(path.account().exported()).isEqualTo(20);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"CANCELLED", "ABORTED", "OUT_OF_RANGE", "UNAVAILABLE", "DATA_LOSS"})
  void triesAgainWhatTheSpecificationAllows(Status.Code code) {
    for (int i = 0; i < 3; i++) service.script.add(code.toStatus().asRuntimeException());
    try (var path = path(Map.of())) {

      path.emit(20);
      await()
          .until(() -> {
            path.direct.afterDrain();
            return service.taken.get() == 20;
          });

      assertThat(service.requests).hasValue(4);
      assertThat(path.account().exported()).isEqualTo(20);
    }
  }

  @Test
  void countsWhatAServerRefuses() {
    service.script.add(
        Status.UNAUTHENTICATED.withDescription("wer bist du, \u00fc?").asRuntimeException());
    try (var path = path(Map.of())) {

      path.emit(20);
      path.direct.close();

      assertThat(path.account().lostByReason()).isEqualTo(Map.of("export_refused", 20L));
      assertThat(path.states.getFirst().message())
          .contains("gRPC UNAUTHENTICATED wer bist du, \u00fc?");
    }
  }

  @Test
  void countsWhatAServerRejectsOfABatchThatItTakes() {
    service.rejected = 7;
    try (var path = path(Map.of())) {

      path.emit(20);
      path.direct.close();

      assertThat(path.account().exported()).isEqualTo(13);
      assertThat(path.account().lostByReason()).isEqualTo(Map.of("export_refused", 7L));
      assertThat(path.states.getFirst().message()).contains("too old");
    }
  }

  @Test
  void saysThatAnHttpServerIsNoGrpcServer() throws Exception {
    try (var http = new LogsOverHttp();
        var path = new WayOut(http.url(), "grpc", Map.of())) {

      path.emit(20);
      path.direct.close();

      assertThat(path.account().waiting()).isZero();
      assertThat(path.states.getFirst().message()).contains(http.url());
    }
  }

  private WayOut path(Map<String, String> more) {
    return new WayOut("http://127.0.0.1:" + server.getPort(), "grpc", more);
  }

  private static final class Service extends LogsServiceGrpc.LogsServiceImplBase {
    final Queue<StatusRuntimeException> script = new ConcurrentLinkedQueue<>();
    final AtomicInteger requests = new AtomicInteger();
    final AtomicInteger taken = new AtomicInteger();
    volatile long rejected;

    @Override
    public void export(
        ExportLogsServiceRequest request, StreamObserver<ExportLogsServiceResponse> response) {
      requests.incrementAndGet();
      var failure = script.poll();
      if (failure != null) {
        response.onError(failure);
        return;
      }
      taken.addAndGet(request.getResourceLogs(0).getScopeLogs(0).getLogRecordsCount());
      var partial = ExportLogsPartialSuccess.newBuilder();
      if (rejected > 0) partial.setRejectedLogRecords(rejected).setErrorMessage("too old");
      response.onNext(ExportLogsServiceResponse.newBuilder().setPartialSuccess(partial).build());
      response.onCompleted();
    }
  }
}
