package dev.ringside.receivers.telemetry;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// One exporter, and what it still owes us of the current batch.
///
/// A batch goes out whole. Where a server finds it too large, it goes in halves, and these in
/// halves again.
final class Outlet<R> {
  /// An exporter that throws may have met a broken server or a record it cannot write, and a server
  /// that says it is exhausted may mean itself or this batch. Trying again helps only in the first
  /// case of each.
  private static final int DOUBTFUL_ATTEMPTS = 3;

  /// The records from one place in the batch up to another.
  private record Part(int from, int to) {
    int size() {
      return to - from;
    }
  }

  private final Route<R> route;
  private final Trouble trouble;

  // Of the current batch:
  private List<R> records = List.of();
  private String[] losses = new String[0];
  private final Deque<Part> owed = new ArrayDeque<>();
  private final List<CompletableFuture<Answer>> unanswered = new ArrayList<>();
  private CompletableFuture<Answer> attempt;
  private boolean kept;
  private int doubtful;
  private Duration retryAfter = Duration.ZERO;

  Outlet(Route<R> route, Trouble trouble) {
    this.route = route;
    this.trouble = trouble;
  }

  /// Begins with a new batch, which does not change until the next call.
  void begin(List<R> records) {
    this.records = records;
    if (losses.length < records.size()) losses = new String[records.size()];
    Arrays.fill(losses, null);
    owed.clear();
    if (!records.isEmpty()) owed.add(new Part(0, records.size()));
    unanswered.clear();
    attempt = null;
    kept = false;
    doubtful = 0;
    retryAfter = Duration.ZERO;
  }

  boolean isSettled() {
    return owed.isEmpty();
  }

  /// Why the record in this place is lost here; null when it is not.
  String loss(int place) {
    return losses[place];
  }

  /// Whether the batch is in a buffer, which keeps the account of it from now on.
  boolean isKept() {
    return kept;
  }

  boolean isInTrouble() {
    return trouble.isOn();
  }

  /// How long the server wants to be left alone; zero when it did not say.
  Duration retryAfter() {
    return retryAfter;
  }

  /// Whether an earlier attempt may still read the batch.
  boolean isReading() {
    return route.reads() && unanswered.stream().anyMatch(result -> !result.isDone());
  }

  /// Begins an attempt, unless this batch is settled here, maybe by a late answer.
  void send() {
    retryAfter = Duration.ZERO;
    if (isSettled()) return;
    for (var late : unanswered) {
      if (late.state() != CompletableFuture.State.SUCCESS) continue;
      if (late.resultNow().meaning() == Answer.Meaning.TAKEN) {
        taken(late.resultNow());
        break;
      }
    }
    begin();
  }

  private void begin() {
    if (isSettled()) return;
    var part = owed.getFirst();
    try {
      attempt = route.send(records.subList(part.from, part.to));
    } catch (Exception | LinkageError e) {
      attempt = null;
      doubtful(Answer.doubtful("it threw " + Answer.describe(e)), ExportStatistics.EXPORT_FAILED);
    }
  }

  /// Waits for the attempt's end, and judges it.
  void finish(Patience patience, Duration timeout, long untilNs) {
    while (attempt != null) {
      patience.await(attempt, untilNs);
      boolean done = attempt.isDone();
      var answer = done ? answer() : Answer.later("nothing within " + timeout.toSeconds() + " s");
      if (!done) unanswered.add(attempt);
      attempt = null;
      // What is left of the batch goes on at once when this part went through.
      if (judge(answer) && !isSettled()) begin();
    }
  }

  private Answer answer() {
    return attempt
        .handle((answer, failure) -> failure == null ? answer : Answer.of(failure))
        .join();
  }

  /// Whether to go on at once with what is still owed.
  private boolean judge(Answer answer) {
    switch (answer.meaning()) {
      case TAKEN -> taken(answer);
      case KEPT -> {
        kept = true;
        next();
      }
      case LATER -> {
        later(answer);
        return false;
      }
      case DOUBTFUL -> {
        return doubtful(answer, ExportStatistics.EXPORT_REFUSED);
      }
      case TOO_LARGE -> split(answer);
      case REFUSED -> lost(answer, ExportStatistics.EXPORT_REFUSED);
      case FULL -> full(answer);
    }
    return true;
  }

  /// Gives up what is still owed.
  void giveUp() {
    for (var part : owed) Arrays.fill(losses, part.from, part.to, ExportStatistics.EXPORT_FAILED);
    owed.clear();
  }

  private void taken(Answer answer) {
    var part = next();
    if (answer.rejected() == 0) {
      trouble.restored();
      return;
    }
    // Which ones it did not want it does not say.
    int rejected = (int) Math.min(answer.rejected(), part.size());
    Arrays.fill(losses, part.from, part.from + rejected, ExportStatistics.EXPORT_REFUSED);
    trouble.refused(answer.said(), rejected);
  }

  private void later(Answer answer) {
    retryAfter = answer.retryAfter();
    trouble.unanswered(answer.said(), records.size());
  }

  private boolean doubtful(Answer answer, String reason) {
    if (++doubtful < DOUBTFUL_ATTEMPTS) {
      later(answer);
      return false;
    }
    lost(answer, reason);
    return true;
  }

  private void split(Answer answer) {
    var part = owed.getFirst();
    if (part.size() == 1) {
      lost(answer, ExportStatistics.EXPORT_REFUSED);
      return;
    }
    next();
    int middle = (part.from + part.to) >>> 1;
    owed.addFirst(new Part(middle, part.to));
    owed.addFirst(new Part(part.from, middle));
  }

  private void full(Answer answer) {
    var part = next();
    Arrays.fill(losses, part.from, part.to, ExportStatistics.BUFFER_FULL);
    trouble.full(answer.said(), part.size());
  }

  private void lost(Answer answer, String reason) {
    var part = next();
    Arrays.fill(losses, part.from, part.to, reason);
    trouble.refused(answer.said(), part.size());
  }

  private Part next() {
    unanswered.removeIf(result -> result.isDone());
    doubtful = 0;
    return owed.removeFirst();
  }
}
