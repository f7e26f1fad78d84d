package dev.ringside.config.connection;

import dev.ringside.receivers.telemetry.Answer;
import dev.ringside.receivers.telemetry.OtlpConnection;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcSender;
import io.opentelemetry.sdk.common.export.GrpcSenderConfig;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionSpec;
import okhttp3.Dispatcher;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;

/// OTLP over gRPC, for our own exporters and for OpenTelemetry's. Any thread.
///
/// Protocol: <https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md>.
final class GrpcConnection implements GrpcSender, OtlpConnection {
  private static final MediaType GRPC = MediaType.get("application/grpc");

  private final GrpcSenderConfig config;
  private final ExecutorService threads = Threads.daemons("ringside-grpc");
  private final OkHttpClient client;
  private final String url;

  GrpcConnection(GrpcSenderConfig config) {
    this.config = config;
    url = config.getEndpoint().toString().replaceFirst("/$", "") + '/' + config.getFullMethodName();
    var builder =
        new OkHttpClient.Builder()
            .dispatcher(new Dispatcher(threads))
            .socketFactory(new NoDelaySockets())
            .callTimeout(config.getTimeout())
            .connectTimeout(config.getConnectTimeout());
    if (config.getEndpoint().getScheme().equals("http")) {
      builder
          .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
          .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
    } else if (config.getSslContext() != null) {
      builder.sslSocketFactory(config.getSslContext().getSocketFactory(), config.getTrustManager());
    }
    client = builder.build();
  }

  @Override
  public CompletableFuture<Answer> send(byte[] array, int offset, int length) {
    return begin(array, offset, length).thenApply(GrpcReply::answer);
  }

  @Override
  public void send(
      MessageWriter message, Consumer<GrpcResponse> onResponse, Consumer<Throwable> onError) {
    var bytes = new Compression.Bytes(Math.max(32, message.getContentLength()));
    try {
      message.writeMessage(bytes);
    } catch (IOException e) {
      onError.accept(e);
      return;
    }
    begin(bytes.array(), 0, bytes.size())
        .whenComplete((reply, failure) -> {
          if (failure == null) onResponse.accept(reply);
          else onError.accept(failure);
        });
  }

  private CompletableFuture<GrpcReply> begin(byte[] array, int offset, int length) {
    var request = new Request.Builder().url(url);
    config
        .getHeadersSupplier()
        .get()
        .forEach((key, values) -> values.forEach(value -> request.addHeader(key, value)));
    request.addHeader("te", "trailers").addHeader("grpc-accept-encoding", "identity,gzip");
    if (config.getCompressor() != null) {
      request.addHeader("grpc-encoding", config.getCompressor().getEncoding());
    }
    var result = new CompletableFuture<GrpcReply>();
    client
        .newCall(request.post(body(array, offset, length)).build())
        .enqueue(
            new Callback() {
              @Override
              public void onFailure(Call call, IOException e) {
                result.completeExceptionally(e);
              }

              @Override
              public void onResponse(Call call, Response response) {
                try (response) {
                  result.complete(GrpcReply.read(response));
                } catch (IOException | RuntimeException e) {
                  result.completeExceptionally(e);
                }
              }
            });
    return result;
  }

  /// One message, behind its flag and length.
  private RequestBody body(byte[] array, int offset, int length) {
    return new RequestBody() {
      @Override
      public MediaType contentType() {
        return GRPC;
      }

      @Override
      public void writeTo(BufferedSink sink) throws IOException {
        var compressor = config.getCompressor();
        if (compressor == null) {
          sink.writeByte(0).writeInt(length).write(array, offset, length);
        } else {
          var compressed = Compression.compress(compressor, array, offset, length);
          sink.writeByte(1).writeInt(compressed.length).write(compressed);
        }
      }
    };
  }

  @Override
  public String endpoint() {
    return config.getEndpoint().toString();
  }

  @Override
  public CompletableResultCode shutdown() {
    threads.shutdown();
    client.connectionPool().evictAll();
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public String toString() {
    return "grpc, compression=" + Compression.name(config.getCompressor());
  }
}
