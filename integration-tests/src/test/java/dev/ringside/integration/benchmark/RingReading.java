package dev.ringside.integration.benchmark;

import dev.ringside.bpf.BpfObject;
import dev.ringside.bpf.Poller;
import dev.ringside.bpf.Text;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;

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
  private final Semaphore full = new Semaphore(0);
  private final Semaphore done = new Semaphore(0);
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
            new Poller(
                Duration.ofMillis(100), reading::betweenRounds, (ring, e) -> e.printStackTrace());
        var object = BpfObject.open("reading", RingReading.class.getClassLoader())) {
      var thread = Path.of("/proc/thread-self").toRealPath().getFileName().toString();
      object.set("only_tid", Long.parseLong(thread));
      object.set("with_path", Long.parseLong(arguments[0]));
      object.onEvent("readings", Reading.class, reading::take);
      poller.start();
      object.load(poller);
      // Once without the time: from its end on the polling thread waits in betweenRounds.
      fill(calls);
      reading.done.acquire();
      for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
        fill(calls);
        reading.full.release();
        reading.done.acquire();
        System.out.println((double) reading.tookNs / reading.events);
      }
      reading.full.release();
    }
    System.err.println(reading.sum);
  }

  private static void fill(int calls) {
    for (int i = 0; i < calls; i++) Thread.yield();
  }

  /// On the polling thread. What is timed is its whole way from a filled ring to the end of it, as
  /// in C; so the handler has no more to do than the one in C.
  private void betweenRounds() {
    if (seen < events) return;
    tookNs = System.nanoTime() - begunNs;
    seen = 0;
    done.release();
    full.acquireUninterruptibly();
    begunNs = System.nanoTime();
  }

  private void take(Reading e) {
    sum += e.time + e.cgroupId + e.flags + e.pid + e.tid + e.userId + e.error + e.mode;
    if (!e.path.isEmpty()) sum += e.path.bytes()[1];
    seen++;
  }
}
