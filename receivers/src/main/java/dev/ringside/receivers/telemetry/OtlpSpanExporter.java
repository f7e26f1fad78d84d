package dev.ringside.receivers.telemetry;

import io.opentelemetry.exporter.internal.otlp.traces.TraceRequestMarshaler;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;

/// Exports spans over OTLP, as [OtlpLogExporter] does log records. There are few spans, so
/// OpenTelemetry's own marshaler writes them.
public final class OtlpSpanExporter implements SpanExporter {
  private final OtlpConnection connection;

  /// @param connection shut down with the exporter
  public OtlpSpanExporter(OtlpConnection connection) {
    this.connection = connection;
  }

  Route.Otlp<CompletedSpan> route() {
    return new Route.Otlp<>(connection, (spans, stillRead) -> encode(List.<SpanData>copyOf(spans)));
  }

  private static Route.Message encode(Collection<SpanData> spans) {
    var bytes = new ByteArrayOutputStream();
    try {
      TraceRequestMarshaler.create(spans).writeBinaryTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Route.Message(bytes.toByteArray(), 0, bytes.size());
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    var result = new CompletableResultCode();
    var message = encode(spans);
    var attempt = connection.send(message.array(), message.offset(), message.length());
    attempt.whenComplete((answer, failure) -> OtlpLogExporter.settle(result, answer, failure));
    return result;
  }

  @Override
  public CompletableResultCode flush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return connection.shutdown();
  }

  @Override
  public String toString() {
    return "OtlpSpanExporter{endpoint=" + connection.endpoint() + ", " + connection + "}";
  }
}
