package dev.ringside.receivers.telemetry;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// From the polling thread to the exporters of one kind of record, one batch at a time.
///
/// There is no queue here: while a batch is under way the polling thread waits, and the rings in
/// the kernel take up the difference. A batch that gets no answer is tried again, with growing
/// pauses. The polling thread goes on filling it meanwhile and waits only once it is full.
///
/// The lock is free as long as nobody closes; it is what makes closing from another thread safe.
final class Pipeline<R extends Pooled> {
  private final ReentrantLock lock = new ReentrantLock();
  private final ExportSettings settings;
  private final Patience patience;
  private final List<Outlet<R>> outlets;
  private final Batch<R> batch;

  private boolean closed;
  private boolean sending;
  private boolean retrying;
  private long retryAtNs;
  private long pauseNs;

  Pipeline(
      ExportSettings settings,
      Patience patience,
      List<Outlet<R>> outlets,
      Function<Pipeline<R>, R> newSlot) {
    this.settings = settings;
    this.patience = patience;
    this.outlets = List.copyOf(outlets);
    this.batch = new Batch<>(settings.batchSize(), () -> newSlot.apply(this));
    this.pauseNs = settings.firstRetry().toNanos();
  }

  /// The record to fill next. Waits while the batch is full.
  R begin() {
    lock.lock();
    try {
      if (batch.isFull()) makeRoom();
      return batch.next();
    } finally {
      lock.unlock();
    }
  }

  /// Takes the record that [#begin] gave. Without exporters of its kind nobody wants it, so it does
  /// not count.
  void emit(R record) {
    if (outlets.isEmpty()) return;
    lock.lock();
    try {
      var counts = record.origin().counts();
      counts.emitted();
      if (closed || !batch.add(record)) {
        counts.lost(ExportStatistics.EXPORT_FAILED);
      } else if (batch.isFull() && !retrying) {
        attempt();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Exports what waited long enough.
  void exportDue() {
    lock.lock();
    try {
      if (batch.isEmpty()) return;
      long now = System.nanoTime();
      boolean due =
          retrying ? now - retryAtNs >= 0 : now - batch.sinceNs() >= settings.delay().toNanos();
      if (due) attempt();
    } finally {
      lock.unlock();
    }
  }

  /// A last attempt with what is left; patience must have ended.
  void close() {
    lock.lock();
    try {
      closed = true;
      while (!batch.isEmpty()) attemptOrLose();
    } finally {
      lock.unlock();
    }
  }

  private void makeRoom() {
    while (batch.isFull()) {
      if (retrying) patience.pause(retryAtNs);
      if (patience.isEnding()) attemptOrLose();
      else attempt();
    }
  }

  private void attemptOrLose() {
    // Once patience is over nothing more is sent where nobody answered; it would only pile up.
    if (patience.isOver()) {
      for (var outlet : outlets) if (outlet.isInTrouble()) outlet.giveUp();
    }
    if (attempt()) return;
    for (var outlet : outlets) outlet.giveUp();
    settle();
  }

  /// Whether the batch is settled everywhere.
  private boolean attempt() {
    if (!sending) {
      sending = true;
      for (var outlet : outlets) outlet.begin(batch.toSend());
    }
    long until = System.nanoTime() + settings.exportTimeout().toNanos();
    for (var outlet : outlets) outlet.send();
    for (var outlet : outlets) outlet.finish(patience, settings.exportTimeout(), until);
    for (var outlet : outlets) {
      if (!outlet.isSettled()) {
        retryLater();
        return false;
      }
    }
    settle();
    return true;
  }

  private void retryLater() {
    retrying = true;
    // Not all agents at once, after the server they share was away.
    long pause = (long) (pauseNs * ThreadLocalRandom.current().nextDouble(0.8, 1.2));
    for (var outlet : outlets) pause = Math.max(pause, outlet.retryAfter().toNanos());
    retryAtNs = System.nanoTime() + pause;
    pauseNs = Math.min(pauseNs * 2, settings.lastRetry().toNanos());
  }

  private void settle() {
    var records = batch.toSend();
    boolean stillRead = false;
    boolean kept = false;
    for (var outlet : outlets) {
      stillRead |= outlet.isReading();
      kept |= outlet.isKept();
    }
    for (int i = 0; i < records.size(); i++) {
      var counts = records.get(i).origin().counts();
      var loss = loss(i);
      if (loss != null) counts.lost(loss);
      else if (!kept) counts.exported();
    }
    batch.sent(stillRead, System.nanoTime());
    sending = false;
    retrying = false;
    pauseNs = settings.firstRetry().toNanos();
  }

  private String loss(int place) {
    for (var outlet : outlets) {
      var loss = outlet.loss(place);
      if (loss != null) return loss;
    }
    return null;
  }
}
