package dev.ringside.receivers.telemetry;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Waiting for exporters, which another thread can end.
///
/// An interrupt ends it too: whoever interrupts the polling thread wants it to stop.
final class Patience {
  private final Semaphore news = new Semaphore(0);
  private final Duration afterEnd;
  private volatile boolean ending;
  private volatile long endsAtNs;

  /// @param afterEnd how long all waiting may still take once [#end] is called
  Patience(Duration afterEnd) {
    this.afterEnd = afterEnd;
  }

  /// No pauses from now on, and answers are awaited for a limited time only.
  void end() {
    if (ending) return;
    endsAtNs = System.nanoTime() + afterEnd.toNanos();
    ending = true;
    news.release();
  }

  boolean isEnding() {
    return ending;
  }

  boolean isOver() {
    return ending && System.nanoTime() - endsAtNs >= 0;
  }

  /// Returns when there is a result, or at `untilNs` ([System#nanoTime]), or when patience is over.
  void await(CompletableFuture<Answer> result, long untilNs) {
    if (result.isDone()) return;
    result.whenComplete((answer, failure) -> news.release());
    while (!result.isDone()) {
      long left = untilNs - System.nanoTime();
      if (ending) left = Math.min(left, endsAtNs - System.nanoTime());
      if (left <= 0 || !sleep(left)) return;
    }
  }

  /// Returns at `untilNs`, or at once when patience ends.
  void pause(long untilNs) {
    while (!ending) {
      long left = untilNs - System.nanoTime();
      if (left <= 0 || !sleep(left)) return;
    }
  }

  private boolean sleep(long ns) {
    try {
      // Old news only make the caller look again.
      if (news.tryAcquire(ns, TimeUnit.NANOSECONDS)) news.drainPermits();
      return true;
    } catch (InterruptedException e) {
      end();
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
