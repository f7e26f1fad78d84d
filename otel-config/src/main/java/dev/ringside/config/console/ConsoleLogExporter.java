package dev.ringside.config.console;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import java.io.PrintStream;
import java.time.ZoneId;
import java.util.Collection;

/// Prints events, one readable line each.
public final class ConsoleLogExporter implements LogRecordExporter {
  private final PrintStream out;
  private final EventLine line;
  private final Runnable onClosed;

  /// @param out not closed by the exporter
  /// @param zone of the times printed
  /// @param onClosed called when nobody reads `out` any more, as after `ringside run | head`; may
  ///   be called several times, on the exporting thread
  public ConsoleLogExporter(PrintStream out, ZoneId zone, Style style, Runnable onClosed) {
    this.out = out;
    this.line = new EventLine(zone, style);
    this.onClosed = onClosed;
  }

  @Override
  public CompletableResultCode export(Collection<LogRecordData> events) {
    var lines = new StringBuilder();
    for (var event : events) lines.append(line.of(event)).append('\n');
    // One write for all, so that lines of two streams on one terminal stay whole.
    out.print(lines);
    if (!out.checkError()) return CompletableResultCode.ofSuccess();
    onClosed.run();
    return CompletableResultCode.ofFailure();
  }

  @Override
  public CompletableResultCode flush() {
    out.flush();
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return flush();
  }

  @Override
  public String toString() {
    return "ConsoleLogExporter{}";
  }
}
