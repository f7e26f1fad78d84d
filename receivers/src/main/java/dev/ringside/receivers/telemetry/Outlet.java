package dev.ringside.receivers.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/// One exporter, what it still owes us of the current batch, and whether it is in trouble.
final class Outlet<R> {
  /// An exporter that throws may have met a broken server or a record it cannot write, and a server
  /// that says it is exhausted may mean itself or this batch. Trying again helps only in the first
  /// case of each.
  private static final int DOUBTFUL_ATTEMPTS = 3;

  private static final Pattern ENDPOINT = Pattern.compile("endpoint=([^,}]+)");

  private enum Condition {
    WELL,
    UNANSWERED,
    REFUSING
  }

  private final String name;
  private final Function<List<R>, CompletableResultCode> export;
  private final Consumer<ExportState> onState;

  private Condition condition = Condition.WELL;
  private long inTroubleSinceNs;

  // Of the current batch:
  private final List<CompletableResultCode> unanswered = new ArrayList<>();
  private CompletableResultCode attempt;
  private boolean settled;
  private String lossReason;
  private int doubtful;

  Outlet(
      Object exporter,
      Function<List<R>, CompletableResultCode> export,
      Consumer<ExportState> onState) {
    var endpoint = ENDPOINT.matcher(String.valueOf(exporter));
    this.name = endpoint.find() ? endpoint.group(1) : exporter.getClass().getSimpleName();
    this.export = export;
    this.onState = onState;
  }

  /// Begins with a new batch.
  void reset() {
    unanswered.clear();
    attempt = null;
    settled = false;
    lossReason = null;
    doubtful = 0;
  }

  boolean isSettled() {
    return settled;
  }

  /// Why the batch is lost here; null when it is not.
  String lossReason() {
    return lossReason;
  }

  boolean isInTrouble() {
    return condition != Condition.WELL;
  }

  /// Whether an earlier attempt may still read the batch.
  boolean isReading() {
    return unanswered.stream().anyMatch(result -> !result.isDone());
  }

  /// Begins an attempt, unless this batch is settled here, maybe by a late answer.
  void send(List<R> records) {
    if (settled) return;
    if (unanswered.stream().anyMatch(CompletableResultCode::isSuccess)) {
      taken();
      return;
    }
    try {
      attempt = export.apply(records);
    } catch (Exception | LinkageError e) {
      attempt = null;
      doubtful(ExportStatistics.EXPORT_FAILED, "it threw " + Answer.describe(e), records.size());
    }
  }

  /// Waits for the attempt's end, and judges it.
  void finish(Patience patience, Duration timeout, long untilNs, int records) {
    if (settled || attempt == null) return;
    patience.await(attempt, untilNs);
    if (!attempt.isDone()) {
      unanswered.add(attempt);
      unanswered("nothing within " + timeout.toSeconds() + " s", records);
    } else if (attempt.isSuccess()) {
      taken();
    } else {
      var answer = Answer.of(attempt.getFailureThrowable());
      switch (answer.meaning()) {
        case LATER -> unanswered(answer.said(), records);
        case DOUBTFUL -> doubtful(ExportStatistics.EXPORT_REFUSED, answer.said(), records);
        case REFUSED -> lost(ExportStatistics.EXPORT_REFUSED, answer.said(), records);
      }
    }
    attempt = null;
  }

  /// Gives the batch up.
  void giveUp() {
    if (settled) return;
    settled = true;
    lossReason = ExportStatistics.EXPORT_FAILED;
  }

  private void taken() {
    settled = true;
    if (condition == Condition.WELL) return;
    condition = Condition.WELL;
    tell(new ExportState.Restored(name, Duration.ofNanos(System.nanoTime() - inTroubleSinceNs)));
  }

  private void unanswered(String cause, int records) {
    if (changesTo(Condition.UNANSWERED)) {
      tell(new ExportState.Unanswered(name, cause, records));
    }
  }

  private void doubtful(String reason, String cause, int records) {
    if (++doubtful < DOUBTFUL_ATTEMPTS) unanswered(cause, records);
    else lost(reason, cause, records);
  }

  private void lost(String reason, String cause, int records) {
    settled = true;
    lossReason = reason;
    if (changesTo(Condition.REFUSING)) tell(new ExportState.Refused(name, cause, records));
  }

  private boolean changesTo(Condition trouble) {
    if (condition == trouble) return false;
    if (condition == Condition.WELL) inTroubleSinceNs = System.nanoTime();
    condition = trouble;
    return true;
  }

  private void tell(ExportState state) {
    try {
      onState.accept(state);
    } catch (RuntimeException e) {
      // Whoever listens to our troubles must not become one: the records matter more.
    }
  }
}
