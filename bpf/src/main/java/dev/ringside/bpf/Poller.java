package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringside.bpf.libbpf.Libbpf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;

/// The one thread that polls all rings and runs all handlers.
///
/// It sleeps in `epoll_wait` on the rings' descriptors until the first event is there. Then it lets
/// events gather, until a ring has as many as are worth waking for (the kernel side wakes it, see
/// `ring.bpf.h`) or `wait` is over: no event gets older than that in a ring, and a wake-up costs
/// what twenty events cost. When nothing came for a while it looks by itself only every tenth
/// `wait`.
///
/// Before and after each round it calls `afterDrain`, the place to export what the handlers
/// collected. Whatever blocks there blocks reading, and the rings take up the difference: they are
/// the queue.
public final class Poller implements AutoCloseable {
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLLIN = 1;

  /// Each wake-up is told once, so that events that gather do not wake.
  private static final int EPOLLET = 1 << 31;

  private static final int EFD_NONBLOCK_CLOEXEC = 0x80800;
  private static final int EPOLL_CLOEXEC = 0x80000;

  /// struct epoll_event is packed on x86-64 and padded elsewhere.
  private static final long EPOLL_EVENT_BYTES =
      System.getProperty("os.arch").equals("amd64") ? 12 : 16;

  /// So that busy rings do not keep `afterDrain` waiting.
  private static final int EVENTS_PER_ROUND = 4096;

  /// Idle is who had nothing to do for so many waits; then one wait is as long as so many.
  private static final int WAITS_UNTIL_IDLE = 20;

  private static final int WAITS_WHEN_IDLE = 10;

  private final long waitNs;
  private final Runnable afterDrain;
  private final BiConsumer<String, Throwable> onHandlerFailure;
  private final BiConsumer<String, Throwable> failed = this::handlerFailed;
  private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
  private final List<RingReader> rings = new ArrayList<>();
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment occurred = arena.allocate(EPOLL_EVENT_BYTES * 16);
  private final MemorySegment counter = arena.allocate(JAVA_LONG);
  private final int epoll;
  private final int wake;
  private final Thread thread;
  private volatile boolean running;
  private volatile long wakeUps;
  private long lastTakenNs = System.nanoTime();
  private boolean closed;

  /// @param wait how long events gather at most; from a millisecond on
  /// @param afterDrain called on the polling thread before and after each round, also when there
  ///   was nothing
  /// @param onHandlerFailure told the ring's name and what its handler threw; the other events
  ///   follow
  public Poller(
      Duration wait, Runnable afterDrain, BiConsumer<String, Throwable> onHandlerFailure) {
    Native.libbpfVersion();
    this.waitNs = wait.toNanos();
    this.afterDrain = afterDrain;
    this.onHandlerFailure = onHandlerFailure;
    epoll = Native.number("create an epoll instance", Libbpf.epoll_create1(EPOLL_CLOEXEC));
    wake = Native.number("create an eventfd", Libbpf.eventfd(0, EFD_NONBLOCK_CLOEXEC));
    watch(EPOLL_CTL_ADD, wake, EPOLLIN);
    thread = Thread.ofPlatform().daemon().name("ringside-poller").unstarted(this::run);
  }

  /// Starts the thread. Rings may be added before and after.
  public void start() {
    running = true;
    thread.start();
  }

  /// Stops after a last round and waits for the thread. Objects are closed before their poller.
  @Override
  public void close() {
    if (closed) return;
    closed = true;
    if (running) {
      onThread(() -> running = false);
      join();
    }
    Libbpf.close(wake);
    Libbpf.close(epoll);
  }

  /// Begins to poll a ring. Returns when the polling thread has taken it.
  void add(RingReader ring) {
    onThread(() -> {
      rings.add(ring);
      watch(EPOLL_CTL_ADD, ring.descriptor(), EPOLLIN | EPOLLET);
    });
  }

  /// Drains rings to their end and stops polling them. Their programs must be detached, so that
  /// there is an end.
  void remove(List<RingReader> some) {
    onThread(() -> {
      while (some.stream().anyMatch(r -> r.waiting() > 0) && round() > 0) {
        guarded("afterDrain", afterDrain);
      }
      for (var ring : some) {
        if (rings.remove(ring)) watch(EPOLL_CTL_DEL, ring.descriptor(), 0);
      }
    });
  }

  /// Runs something on the polling thread and waits for it; at once when the thread does not run.
  private void onThread(Runnable command) {
    if (!running || Thread.currentThread() == thread) {
      command.run();
      return;
    }
    var done = new CountDownLatch(1);
    var failure = new RuntimeException[1];
    commands.add(() -> {
      try {
        command.run();
      } catch (RuntimeException e) {
        failure[0] = e;
      } finally {
        done.countDown();
      }
    });
    try (var arena = Arena.ofConfined()) {
      Libbpf.write(wake, arena.allocateFrom(JAVA_LONG, 1), JAVA_LONG.byteSize());
    }
    await(done);
    if (failure[0] != null) throw failure[0];
  }

  private void run() {
    while (running) {
      guarded("afterDrain", afterDrain);
      int taken = round();
      if (taken > 0) lastTakenNs = System.nanoTime();
      guarded("afterDrain", afterDrain);
      for (Runnable c = commands.poll(); c != null; c = commands.poll()) c.run();
      if (running && taken < EVENTS_PER_ROUND) sleep();
    }
  }

  private void sleep() {
    if (!isAnythingWaiting()) {
      boolean idle = System.nanoTime() - lastTakenNs > WAITS_UNTIL_IDLE * waitNs;
      epollWait(idle ? WAITS_WHEN_IDLE * waitNs : waitNs);
      if (!isAnythingWaiting()) return;
    }
    long begun = System.nanoTime();
    while (commands.isEmpty() && !isEnoughWaiting()) {
      long left = waitNs - (System.nanoTime() - begun);
      if (left <= 0) return;
      epollWait(left);
    }
  }

  /// After this says no, the next event wakes: it was not in its ring when the ring's position was
  /// given back as read, and the kernel compares the two, each after a full barrier.
  private boolean isAnythingWaiting() {
    VarHandle.fullFence();
    for (int i = 0; i < rings.size(); i++) if (rings.get(i).isReadable()) return true;
    return false;
  }

  private boolean isEnoughWaiting() {
    for (int i = 0; i < rings.size(); i++) if (rings.get(i).isWorthWaking()) return true;
    return false;
  }

  private void epollWait(long ns) {
    int millis = (int) Math.min(Integer.MAX_VALUE, (ns + 999_999) / 1_000_000);
    if (Libbpf.epoll_wait(epoll, occurred, 16, millis) > 0)
      Libbpf.read(wake, counter, JAVA_LONG.byteSize());
    wakeUps = wakeUps + 1;
  }

  /// How often the thread slept and woke, for tests.
  long wakeUps() {
    return wakeUps;
  }

  /// Takes the events that are there, of all rings in the order of their times: an exec comes
  /// before the exit of the same process although they travel in two rings.
  ///
  /// What caused an event was in its ring before the event was. So each ring's fill is noted, and
  /// then all are looked at again: whatever caused an event from before the note is found by the
  /// second look. Only those are taken in this round, with what came earlier than they did.
  private int round() {
    for (int i = 0; i < rings.size(); i++) rings.get(i).mark();
    for (int i = 0; i < rings.size(); i++) rings.get(i).extend();
    int taken = 0;
    while (taken < EVENTS_PER_ROUND) {
      RingReader earliest = null;
      long time = RingReader.NOTHING;
      long next = RingReader.NOTHING; // of all others
      for (int i = 0; i < rings.size(); i++) {
        var ring = rings.get(i);
        long its = ring.nextTime();
        if (its < time) {
          next = time;
          time = its;
          earliest = ring;
        } else if (its < next) next = its;
      }
      if (earliest == null) break;
      boolean othersBehind = false;
      for (int i = 0; i < rings.size(); i++) {
        othersBehind |= rings.get(i) != earliest && rings.get(i).isBehindMark();
      }
      if (!othersBehind && !earliest.isBehindMark()) break;
      // One ring mostly has many in a row, and is not compared with the others for each.
      taken += earliest.take(next, othersBehind, EVENTS_PER_ROUND - taken, failed);
    }
    return taken;
  }

  private void handlerFailed(String ring, Throwable failure) {
    guarded(ring, () -> onHandlerFailure.accept(ring, failure));
  }

  // Nothing that a handler or exporter throws may end the one thread there is.
  private void guarded(String where, Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      if (!where.equals("afterDrain")) return;
      guarded(where + " failure", () -> onHandlerFailure.accept(where, e));
    }
  }

  private void watch(int operation, int descriptor, int events) {
    try (var arena = Arena.ofConfined()) {
      var event = arena.allocate(EPOLL_EVENT_BYTES);
      event.set(JAVA_INT, 0, events);
      Native.number(
          "watch descriptor " + descriptor,
          Libbpf.epoll_ctl(
              epoll,
              operation,
              descriptor,
              operation == EPOLL_CTL_DEL ? MemorySegment.NULL : event));
    }
  }

  // Closing must finish even when somebody interrupts it; the interrupt is kept for the caller.
  private static void await(CountDownLatch done) {
    boolean interrupted = false;
    while (true) {
      try {
        done.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
  }

  private void join() {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
  }
}
