package dev.ringside.receivers.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import java.util.Collection;
import java.util.function.Consumer;

/// Shows what another exporter is given.
record Keeping(LogRecordExporter other, Consumer<Collection<LogRecordData>> given)
    implements LogRecordExporter {

  @Override
  public CompletableResultCode export(Collection<LogRecordData> logs) {
    given.accept(logs);
    return other.export(logs);
  }

  @Override
  public CompletableResultCode flush() {
    return other.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return other.shutdown();
  }
}
