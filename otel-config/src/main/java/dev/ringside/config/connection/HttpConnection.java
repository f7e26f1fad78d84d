package dev.ringside.config.connection;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.ringside.receivers.telemetry.Answer;
import dev.ringside.receivers.telemetry.OtlpConnection;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import javax.net.ssl.HttpsURLConnection;

/// OTLP over HTTP, for our own exporters and for OpenTelemetry's. Any thread.
final class HttpConnection implements HttpSender, OtlpConnection {
  /// Of a server's answer; it has little to say, and may not be an OTLP server at all.
  private static final int LONGEST_ANSWER = 64 << 10;

  private final HttpSenderConfig config;
  private final ExecutorService threads = Threads.daemons("ringside-http");

  HttpConnection(HttpSenderConfig config) {
    this.config = config;
  }

  private record Reply(int getStatusCode, String getStatusMessage, String retryAfter, byte[] body)
      implements HttpResponse {
    @Override
    public byte[] getResponseBody() {
      return body;
    }
  }

  @Override
  public CompletableFuture<Answer> send(byte[] array, int offset, int length) {
    return begin(array, offset, length)
        .thenApply(reply ->
            Answer.http(reply.getStatusCode, reply.getStatusMessage, reply.retryAfter, reply.body));
  }

  @Override
  public void send(
      MessageWriter message, Consumer<HttpResponse> onResponse, Consumer<Throwable> onError) {
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

  private CompletableFuture<Reply> begin(byte[] array, int offset, int length) {
    var result = new CompletableFuture<Reply>();
    try {
      threads.execute(() -> {
        try {
          result.complete(exchange(array, offset, length));
        } catch (IOException | RuntimeException e) {
          result.completeExceptionally(e);
        }
      });
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(new IOException("the exporter is shut down", e));
    }
    return result;
  }

  private Reply exchange(byte[] array, int offset, int length) throws IOException {
    var compressor = config.getCompressor();
    if (compressor != null) {
      array = Compression.compress(compressor, array, offset, length);
      offset = 0;
      length = array.length;
    }
    try {
      return attempt(array, offset, length);
    } catch (ConnectException
        | UnknownHostException
        | SocketTimeoutException
        | HttpRetryException e) {
      throw e;
    } catch (IOException e) {
      // A kept connection that the server closed meanwhile says so only when it is used. This one
      // attempt more is on a new one.
      return attempt(array, offset, length);
    }
  }

  private Reply attempt(byte[] array, int offset, int length) throws IOException {
    var http = open();
    http.setFixedLengthStreamingMode(length);
    // The time limits of a socket begin anew with every byte.
    var watch = new CompletableFuture<Void>().orTimeout(millis(config.getTimeout()), MILLISECONDS);
    watch.whenComplete((done, timeout) -> {
      if (timeout != null) http.disconnect();
    });
    try {
      try (var out = http.getOutputStream()) {
        out.write(array, offset, length);
      }
      int status = http.getResponseCode();
      if (status < 0) throw new IOException("the server does not speak HTTP");
      return new Reply(
          status, http.getResponseMessage(), http.getHeaderField("Retry-After"), body(http));
    } catch (HttpRetryException e) {
      // Asked for credentials, the JDK would send the request again if it still had it.
      return new Reply(e.responseCode(), "", null, new byte[0]);
    } catch (IOException e) {
      http.disconnect();
      if (!watch.isCompletedExceptionally()) throw e;
      throw new SocketTimeoutException("no answer within " + millis(config.getTimeout()) + " ms");
    } finally {
      watch.complete(null);
    }
  }

  private HttpURLConnection open() throws IOException {
    var endpoint = config.getEndpoint();
    var proxies = config.getProxyOptions();
    var url = endpoint.toURL();
    var connection =
        proxies == null
            ? url.openConnection()
            : url.openConnection(
                proxies.getProxySelector().select(endpoint).stream()
                    .findFirst()
                    .orElse(Proxy.NO_PROXY));
    var http = (HttpURLConnection) connection;
    if (http instanceof HttpsURLConnection https && config.getSslContext() != null) {
      https.setSSLSocketFactory(config.getSslContext().getSocketFactory());
    }
    http.setRequestMethod("POST");
    http.setDoOutput(true);
    http.setUseCaches(false);
    http.setInstanceFollowRedirects(false);
    http.setConnectTimeout(millis(config.getConnectTimeout()));
    http.setReadTimeout(millis(config.getTimeout()));
    config
        .getHeadersSupplier()
        .get()
        .forEach((key, values) -> values.forEach(value -> http.addRequestProperty(key, value)));
    http.setRequestProperty("Content-Type", config.getContentType());
    if (config.getCompressor() != null) {
      http.setRequestProperty("Content-Encoding", config.getCompressor().getEncoding());
    }
    return http;
  }

  /// Reads it to its end, where that is near, so that the connection can be used again.
  private static byte[] body(HttpURLConnection http) throws IOException {
    try (InputStream in =
        http.getResponseCode() < 400 ? http.getInputStream() : http.getErrorStream()) {
      return in == null ? new byte[0] : in.readNBytes(LONGEST_ANSWER);
    }
  }

  private static int millis(Duration duration) {
    // Durations may be as long as a long has nanoseconds; 0 would be for ever.
    return Math.clamp(duration.toMillis(), 1, Integer.MAX_VALUE);
  }

  @Override
  public String endpoint() {
    return config.getEndpoint().toString();
  }

  @Override
  public CompletableResultCode shutdown() {
    threads.shutdown();
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public String toString() {
    return "http/protobuf, compression=" + Compression.name(config.getCompressor());
  }
}
