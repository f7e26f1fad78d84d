package dev.ringside.receivers.telemetry;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// Brings what waits on disk to the server, oldest first, on a thread of its own, and keeps the
/// account of it.
///
/// A file is removed once its batch is settled. Killed between the server's answer and that, the
/// next run sends it again.
final class Delivery {
  private static final int DOUBTFUL_ATTEMPTS = 3;

  private final Spool spool;
  private final OtlpConnection connection;
  private final ExportSettings settings;
  private final Trouble trouble;
  private final Function<String, ReceiverCounts> counts;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private CompletableFuture<Answer> attempt;
  private long endsAtNs;
  private boolean ending;

  // Of the delivering thread:
  private long pauseNs;
  private int doubtful;

  Delivery(
      Spool spool,
      OtlpConnection connection,
      ExportSettings settings,
      Trouble trouble,
      Function<String, ReceiverCounts> counts) {
    this.spool = spool;
    this.connection = connection;
    this.settings = settings;
    this.trouble = trouble;
    this.counts = counts;
    pauseNs = settings.firstRetry().toNanos();
    thread = Thread.ofPlatform().daemon().name("ringside-buffer").start(this::run);
  }

  /// Whether there was room for it.
  ///
  /// @param begun an attempt to send it, whose answer counts; may be null
  boolean keep(byte[] file, CompletableFuture<Answer> begun) throws IOException {
    lock.lock();
    try {
      boolean first = spool.isEmpty();
      if (!spool.add(file)) return false;
      if (first) attempt = begun;
      news.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (true) {
      lock.lock();
      try {
        while (spool.isEmpty() && !ending) news.await();
        if (ending && (spool.isEmpty() || trouble.isOn() || System.nanoTime() - endsAtNs >= 0)) {
          return;
        }
      } catch (InterruptedException e) {
        return;
      } finally {
        lock.unlock();
      }
      deliverFirst();
    }
  }

  private void deliverFirst() {
    var entry = spool.first();
    SpoolFile file;
    try {
      file = SpoolFile.read(spool.read(entry));
    } catch (IOException | RuntimeException e) {
      // How many records it held nobody knows: they are told, not counted.
      trouble.damaged(spool.directory(), entry.number(), Answer.describe(e));
      spool.removeFirst();
      return;
    }
    var answer = answer(file);
    switch (answer.meaning()) {
      case TAKEN -> settle(entry, file, answer);
      case DOUBTFUL -> {
        if (++doubtful < DOUBTFUL_ATTEMPTS) later(answer);
        else settle(entry, file, answer);
      }
      case LATER, KEPT, FULL -> later(answer);
      case REFUSED, TOO_LARGE -> settle(entry, file, answer);
    }
  }

  private Answer answer(SpoolFile file) {
    lock.lock();
    var current = attempt;
    attempt = null;
    lock.unlock();
    if (current == null) {
      current = connection.send(file.message(), 0, file.message().length);
    }
    try {
      return current.get(settings.exportTimeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      return Answer.of(e.getCause());
    } catch (TimeoutException e) {
      return Answer.later("nothing within " + settings.exportTimeout().toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.later("interrupted");
    }
  }

  private void settle(Spool.Entry entry, SpoolFile file, Answer answer) {
    boolean taken = answer.meaning() == Answer.Meaning.TAKEN;
    long rejected = taken ? Math.min(answer.rejected(), file.count()) : file.count();
    if (rejected > 0) trouble.refused(answer.said(), (int) rejected);
    else trouble.restored();
    for (Map.Entry<String, Integer> records : file.records().entrySet()) {
      var account = counts.apply(records.getKey());
      long lost = Math.min(rejected, records.getValue());
      rejected -= lost;
      // Those of an earlier run enter this one's account only now.
      if (entry.recovered()) account.emitted(records.getValue());
      account.lost(ExportStatistics.EXPORT_REFUSED, lost);
      account.exported(records.getValue() - lost);
    }
    doubtful = 0;
    pauseNs = settings.firstRetry().toNanos();
    spool.removeFirst();
  }

  private void later(Answer answer) {
    trouble.buffering(answer.said(), spool.directory());
    long pause = (long) (pauseNs * ThreadLocalRandom.current().nextDouble(0.8, 1.2));
    pauseNs = Math.min(pauseNs * 2, settings.lastRetry().toNanos());
    long left = Math.max(pause, answer.retryAfter().toNanos());
    lock.lock();
    try {
      while (left > 0 && !ending) left = news.awaitNanos(left);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /// Goes on delivering for so long where the server answers. What is left then stays on disk.
  void close(Duration timeout) {
    lock.lock();
    ending = true;
    endsAtNs = System.nanoTime() + timeout.toNanos();
    news.signalAll();
    lock.unlock();
    try {
      thread.join(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
    int left = spool.size();
    if (left > 0) trouble.leaves(left, spool.directory());
  }
}
