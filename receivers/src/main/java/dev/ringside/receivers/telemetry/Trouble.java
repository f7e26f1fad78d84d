package dev.ringside.receivers.telemetry;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/// Whether an exporter is in trouble, told once for each change. Any thread.
final class Trouble {
  private enum Condition {
    WELL,
    UNANSWERED,
    FULL,
    REFUSING
  }

  private final String exporter;
  private final Consumer<ExportState> onState;
  private Condition condition = Condition.WELL;
  private long sinceNs;

  Trouble(String exporter, Consumer<ExportState> onState) {
    this.exporter = exporter;
    this.onState = onState;
  }

  synchronized boolean isOn() {
    return condition != Condition.WELL;
  }

  /// @param kept records that wait for it
  synchronized void unanswered(String cause, int kept) {
    if (changesTo(Condition.UNANSWERED)) {
      tell(new ExportState.Unanswered(exporter, cause, kept));
    }
  }

  synchronized void buffering(String cause, Path directory) {
    if (condition != Condition.WELL) return;
    changesTo(Condition.UNANSWERED);
    tell(new ExportState.Buffering(exporter, cause, directory));
  }

  synchronized void full(String cause, int lost) {
    if (changesTo(Condition.FULL)) tell(new ExportState.Full(exporter, cause, lost));
  }

  /// A file of the buffer cannot be read.
  void damaged(Path directory, long number, String cause) {
    tell(new ExportState.Damaged(exporter, directory, number, cause));
  }

  /// So many batches stay in the buffer.
  void leaves(int batches, Path directory) {
    tell(new ExportState.Left(exporter, batches, directory));
  }

  synchronized void refused(String cause, int lost) {
    if (changesTo(Condition.REFUSING)) tell(new ExportState.Refused(exporter, cause, lost));
  }

  synchronized void restored() {
    if (condition == Condition.WELL) return;
    condition = Condition.WELL;
    tell(new ExportState.Restored(exporter, Duration.ofNanos(System.nanoTime() - sinceNs)));
  }

  private boolean changesTo(Condition trouble) {
    if (condition == trouble) return false;
    if (condition == Condition.WELL) sinceNs = System.nanoTime();
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
