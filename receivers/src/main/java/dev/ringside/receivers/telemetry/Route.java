package dev.ringside.receivers.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Pattern;

/// How a batch reaches one exporter.
interface Route<R> {

  /// Begins an attempt. The records are the exporter's until there is a result; where they are
  /// copied at once it may return them earlier, see [#reads].
  CompletableFuture<Answer> send(List<R> records);

  /// Whether an attempt without a result reads the records.
  boolean reads();

  /// The endpoint, where the exporter says it, or the exporter's class.
  String name();

  /// To an exporter of OpenTelemetry's.
  record Sdk<R>(String name, Function<List<R>, CompletableResultCode> export) implements Route<R> {
    private static final Pattern ENDPOINT = Pattern.compile("endpoint=([^,}]+)");

    static Route<LogRecord> to(LogRecordExporter exporter) {
      return new Sdk<>(
          name(exporter), records -> exporter.export(Collections.unmodifiableList(records)));
    }

    static Route<CompletedSpan> to(SpanExporter exporter) {
      return new Sdk<>(
          name(exporter), records -> exporter.export(Collections.unmodifiableList(records)));
    }

    private static String name(Object exporter) {
      var endpoint = ENDPOINT.matcher(String.valueOf(exporter));
      return endpoint.find() ? endpoint.group(1) : exporter.getClass().getSimpleName();
    }

    @Override
    public CompletableFuture<Answer> send(List<R> records) {
      var answer = new CompletableFuture<Answer>();
      var result = export.apply(records);
      result.whenComplete(() ->
          answer.complete(
              result.isSuccess() ? Answer.TAKEN : Answer.of(result.getFailureThrowable())));
      return answer;
    }

    @Override
    public boolean reads() {
      return true;
    }
  }

  /// To an OTLP server, as bytes.
  final class Otlp<R> implements Route<R> {
    private final OtlpConnection connection;
    private final Encoder<R> encoder;
    private CompletableFuture<Answer> last = CompletableFuture.completedFuture(Answer.TAKEN);

    Otlp(OtlpConnection connection, Encoder<R> encoder) {
      this.connection = connection;
      this.encoder = encoder;
    }

    @Override
    public CompletableFuture<Answer> send(List<R> records) {
      return send(encode(records));
    }

    /// The message is valid until the next call.
    Message encode(List<R> records) {
      // A cancelled attempt may still be read for a moment.
      return encoder.encode(records, !last.isDone() || last.isCancelled());
    }

    CompletableFuture<Answer> send(Message message) {
      return last = connection.send(message.array(), message.offset(), message.length());
    }

    OtlpConnection connection() {
      return connection;
    }

    @Override
    public boolean reads() {
      return false;
    }

    @Override
    public String name() {
      return connection.endpoint();
    }
  }

  /// An OTLP request: so many bytes of an array from an offset on.
  record Message(byte[] array, int offset, int length) {}

  /// Turns records into an OTLP request.
  interface Encoder<R> {
    /// @param stillRead whether the last message may still be read, so that this one needs another
    ///   array
    Message encode(List<R> records, boolean stillRead);
  }
}
