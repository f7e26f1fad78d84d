package dev.ringside.integration.benchmark;

import dev.ringside.bpf.BpfObject;
import dev.ringside.bpf.Poller;
import dev.ringside.bpf.Text;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// Reads the ring of `reading.bpf.c` as the agent reads its rings, in a JVM of its own:
/// `RingReading WITH_PATH ROUNDS CALLS`. Prints the nanoseconds per event of each round.
final class RingReading {
  private static final int EVENTS_PER_CALL = 1024;

  record Reading(
      long time,
      long cgroupId,
      long flags,
      int pid,
      int tid,
      int userId,
      int error,
      int mode,
      Text path) {}

  private final int events;
  private CountDownLatch full;
  private CountDownLatch done;
  private int seen;
  private long sum;
  private long begunNs;
  private long tookNs;

  private RingReading(int events) {
    this.events = events;
  }

  public static void main(String... arguments) throws Exception {
    int calls = Integer.parseInt(arguments[2]);
    var reading = new RingReading(calls * EVENTS_PER_CALL);
    try (var poller =
            new Poller(Duration.ofMillis(100), () -> {}, (ring, e) -> e.printStackTrace());
        var object = BpfObject.open("reading", RingReading.class.getClassLoader())) {
      var thread = Path.of("/proc/thread-self").toRealPath().getFileName().toString();
      object.set("only_tid", Long.parseLong(thread));
      object.set("with_path", Long.parseLong(arguments[0]));
      object.onEvent("readings", Reading.class, reading::take);
      poller.start();
      object.load(poller);
      for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
        System.out.println(reading.round(calls));
      }
    }
    System.err.println(reading.sum);
  }

  /// The handler holds the first event until the ring is filled; the others are timed.
  private double round(int calls) throws InterruptedException {
    seen = 0;
    full = new CountDownLatch(1);
    done = new CountDownLatch(1);
    for (int i = 0; i < calls; i++) Thread.yield();
    full.countDown();
    done.await();
    return (double) tookNs / (events - 1);
  }

  private void take(Reading e) {
    if (seen++ == 0) {
      await(full);
      begunNs = System.nanoTime();
    }
    sum += e.time + e.cgroupId + e.flags + e.pid + e.tid + e.userId + e.error + e.mode;
    if (!e.path.isEmpty()) sum += e.path.bytes()[1];
    if (seen == events) {
      tookNs = System.nanoTime() - begunNs;
      done.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
