package dev.ringside.receivers.telemetry;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// To an OTLP server, and to disk while it does not answer.
///
/// As long as batches wait on disk, new ones go behind them, so the order stays. [Delivery] brings
/// them to the server.
final class BufferedRoute<R extends Pooled> implements Route<R> {
  /// A ring holds a fraction of a second of a storm. What has no answer by then goes to disk, and
  /// the answer is awaited there.
  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final Route.Otlp<R> route;
  private final Spool spool;
  private final Delivery delivery;

  BufferedRoute(Route.Otlp<R> route, Spool spool, Delivery delivery) {
    this.route = route;
    this.spool = spool;
    this.delivery = delivery;
  }

  @Override
  public CompletableFuture<Answer> send(List<R> records) {
    return CompletableFuture.completedFuture(deliver(records, route.encode(records)));
  }

  private Answer deliver(List<R> records, Route.Message message) {
    if (!spool.isEmpty()) return keep(records, message, null);
    var attempt = route.send(message);
    try {
      var answer = attempt.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
      return switch (answer.meaning()) {
        case LATER, DOUBTFUL -> keep(records, message, attempt);
        default -> answer;
      };
    } catch (TimeoutException | ExecutionException e) {
      return keep(records, message, attempt);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return keep(records, message, attempt);
    }
  }

  /// @param attempt that was made already, with or without an answer; may be null
  private Answer keep(List<R> records, Route.Message message, CompletableFuture<Answer> attempt) {
    try {
      if (delivery.keep(SpoolFile.write(count(records), message), attempt)) return Answer.KEPT;
      return full("the buffer " + spool.directory() + " is full");
    } catch (IOException e) {
      return full("the buffer " + spool.directory() + " cannot be written: " + Answer.describe(e));
    }
  }

  private static Answer full(String why) {
    return new Answer(Answer.Meaning.FULL, why, Duration.ZERO, 0);
  }

  private Map<String, Integer> count(List<R> records) {
    var counts = new TreeMap<String, Integer>();
    for (var record : records) counts.merge(record.origin().counts().name(), 1, Integer::sum);
    return counts;
  }

  @Override
  public boolean reads() {
    return false;
  }

  @Override
  public String name() {
    return route.name();
  }
}
