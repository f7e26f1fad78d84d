package dev.ringside.receivers.context;

import dev.ringside.receivers.linux.OwnProcess;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextStorage;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;

/// Records which span is current in each platform thread of this program. Any thread may call.
///
/// A change of the span costs the thread that makes it two looks at the clock and the writing of a
/// few numbers; the first one in a thread also a look into `/proc` and 20 KiB, which are given back
/// some time after the thread has ended.
///
/// Virtual threads are left out: the kernel sees only the platform thread that carries one, and
/// nobody says which one does at which moment.
public final class ContextRecorder {
  /// Events of a thread that has ended may still be on their way.
  private static final Duration KEPT = Duration.ofSeconds(10);

  private static final int FIRST_SWEEP = 64;

  private record Recorded(WeakReference<Thread> thread, ContextRing ring) {
    boolean isOver() {
      var alive = thread.get();
      return alive == null || !alive.isAlive();
    }
  }

  private final IntSupplier ownTid;
  private final long keptNs;
  private final Map<Integer, Recorded> threads = new ConcurrentHashMap<>();
  private final ThreadLocal<ContextRing> ring = ThreadLocal.withInitial(this::begin);
  private int sweepAt = FIRST_SWEEP;

  ContextRecorder(IntSupplier ownTid, Duration kept) {
    this.ownTid = ownTid;
    keptNs = kept.toNanos();
  }

  /// Begins to record, for as long as the program runs. To be called before anything uses
  /// OpenTelemetry's [Context], which takes its storage once.
  ///
  /// @throws IllegalStateException when it was used before, or when the storage belongs to
  ///   OpenTelemetry's Java agent, whose own changes of context do not come by here
  public static ContextRecorder install() {
    var recorder = new ContextRecorder(OwnProcess::tid, KEPT);
    var within = new AtomicReference<ContextStorage>();
    ContextStorage.addWrapper(storage -> {
      within.set(storage);
      return new RecordingStorage(storage, recorder);
    });
    var outermost = ContextStorage.get(); // takes the wrappers
    if (within.get() == null) {
      throw new IllegalStateException(
          "record the contexts of threads: OpenTelemetry's Context was used before, and keeps the"
              + " storage it has; do this earlier, before the SDK is built, and once");
    }
    if (isOfAgent(outermost) || isOfAgent(within.get())) {
      throw new IllegalStateException(
          "record the contexts of threads: OpenTelemetry's Java agent changes contexts that are not"
              + " seen from here; run without this, or without the agent");
    }
    return recorder;
  }

  /// Its versions differ in whether its storage comes first or last.
  private static boolean isOfAgent(ContextStorage storage) {
    return storage.getClass().getName().startsWith("io.opentelemetry.javaagent.");
  }

  /// From now on this is current in the calling thread; null for nothing.
  void changed(Context context) {
    if (Thread.currentThread().isVirtual()) return;
    var span = context == null ? null : Span.fromContextOrNull(context);
    ring.get()
        .change(System.nanoTime(), span == null ? SpanContext.getInvalid() : span.getSpanContext());
  }

  /// What was current in a thread at a time of [System#nanoTime].
  ///
  /// @param tid the kernel's number of the thread, in the initial pid namespace
  SpanContext at(int tid, long nanoTime) {
    var recorded = threads.get(tid);
    if (recorded == null) return SpanContext.getInvalid();
    return recorded.ring().at(nanoTime, recorded.isOver());
  }

  /// How many threads are kept.
  int threads() {
    return threads.size();
  }

  private ContextRing begin() {
    var begun = new ContextRing();
    // The kernel gives numbers anew, but not while their thread lives.
    int tid = ownTid.getAsInt();
    if (tid != 0)
      threads.put(tid, new Recorded(new WeakReference<>(Thread.currentThread()), begun));
    sweep();
    return begun;
  }

  private synchronized void sweep() {
    if (threads.size() < sweepAt) return;
    long until = System.nanoTime() - keptNs;
    threads.values().removeIf(r -> r.isOver() && r.ring().lastChange() - until < 0);
    sweepAt = Math.max(FIRST_SWEEP, 2 * threads.size());
  }
}
