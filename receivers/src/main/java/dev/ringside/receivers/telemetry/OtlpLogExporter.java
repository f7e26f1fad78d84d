package dev.ringside.receivers.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import java.util.Collection;
import java.util.List;

/// Exports log records over OTLP. It encodes them itself (see [LogEncoder]) and leaves it to
/// whoever exports to try again. Exports begin on one thread at a time.
public final class OtlpLogExporter implements LogRecordExporter {
  private final OtlpConnection connection;
  private final Route.Otlp<LogRecordData> route;

  /// @param connection shut down with the exporter
  public OtlpLogExporter(OtlpConnection connection) {
    this.connection = connection;
    this.route = new Route.Otlp<>(connection, new LogEncoder()::encode);
  }

  /// The same way, for records of our own.
  Route.Otlp<LogRecord> route() {
    return new Route.Otlp<>(connection, new LogEncoder()::encode);
  }

  @Override
  public CompletableResultCode export(Collection<LogRecordData> logs) {
    var result = new CompletableResultCode();
    var attempt = route.send(logs instanceof List<LogRecordData> list ? list : List.copyOf(logs));
    attempt.whenComplete((answer, failure) -> settle(result, answer, failure));
    return result;
  }

  static void settle(CompletableResultCode result, Answer answer, Throwable failure) {
    if (failure != null) result.failExceptionally(failure);
    else if (answer.meaning() == Answer.Meaning.TAKEN) result.succeed();
    else result.failExceptionally(new ExportException(answer));
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
    return "OtlpLogExporter{endpoint=" + connection.endpoint() + ", " + connection + "}";
  }
}
