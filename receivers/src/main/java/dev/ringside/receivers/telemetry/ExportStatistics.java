package dev.ringside.receivers.telemetry;

import java.util.Map;

/// One receiver's account at one moment: `emitted = exported + lost + waiting`.
///
/// @param receiver the receiver's name
/// @param emitted log events and spans that the receiver emitted or declared lost
/// @param exported those that every exporter of their kind accepted; embedded: those handed to the
///   service's OpenTelemetry
/// @param lostByReason those that at least one exporter did not get, by why: [#EXPORT_FAILED],
///   [#EXPORT_REFUSED], or what the receiver said
/// @param failedReads how often reading one of the receiver's metrics threw; the metric was left
///   out of that collection
/// @param overflowing series that did not fit into their metrics' limits at the last reading; their
///   sum is in the series `otel.metric.overflow=true`
public record ExportStatistics(
    String receiver,
    long emitted,
    long exported,
    Map<String, Long> lostByReason,
    long failedReads,
    long overflowing) {

  /// There was no answer until the end.
  public static final String EXPORT_FAILED = "export_failed";

  /// The server answered that it does not want these records.
  public static final String EXPORT_REFUSED = "export_refused";

  /// There was no answer, and no room in the buffer.
  public static final String BUFFER_FULL = "buffer_full";

  /// Of a receiver whose metrics fit.
  public ExportStatistics(
      String receiver,
      long emitted,
      long exported,
      Map<String, Long> lostByReason,
      long failedReads) {
    this(receiver, emitted, exported, lostByReason, failedReads, 0);
  }

  public ExportStatistics {
    lostByReason = Map.copyOf(lostByReason);
  }

  public long lost() {
    return lostByReason.values().stream().mapToLong(Long::longValue).sum();
  }

  /// Records in a batch that is not exported yet.
  public long waiting() {
    return emitted - exported - lost();
  }
}
