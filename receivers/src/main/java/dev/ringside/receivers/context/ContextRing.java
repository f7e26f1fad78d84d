package dev.ringside.receivers.context;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// The last [#CHANGES] changes of the current span in one thread, which writes them; any other
/// thread may look. Neither waits: what is overwritten while somebody looks at it is not found.
///
/// Numbers and not objects, so that writing makes none and keeps none alive: 20 KiB for a thread.
final class ContextRing {
  static final int CHANGES = 512;

  // The words of one change.
  private static final int TIME = 0;
  private static final int TRACE_HIGH = 1;
  private static final int TRACE_LOW = 2;
  private static final int SPAN = 3;
  private static final int FLAGS = 4;
  private static final int WORDS = 5;

  private static final VarHandle WRITTEN;

  static {
    try {
      WRITTEN = MethodHandles.lookup().findVarHandle(ContextRing.class, "written", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long[] words = new long[CHANGES * WORDS];

  /// Changes since the beginning; by [#WRITTEN].
  private long written;

  /// For the thread itself.
  private SpanContext last = SpanContext.getInvalid();

  /// From now on this is current; an invalid context when nothing is. For the thread itself.
  ///
  /// @param nanoTime of [System#nanoTime], not before that of the last change
  void change(long nanoTime, SpanContext span) {
    if (span == last) return;
    last = span;
    long change = written;
    int at = place(change);
    // Who sees any of the new words must see that the change before was the last one that counts.
    VarHandle.storeStoreFence();
    words[at + TIME] = nanoTime;
    boolean isSpan = span.isValid();
    words[at + TRACE_HIGH] = isSpan ? hexadecimal(span.getTraceId(), 0) : 0;
    words[at + TRACE_LOW] = isSpan ? hexadecimal(span.getTraceId(), 16) : 0;
    words[at + SPAN] = isSpan ? hexadecimal(span.getSpanId(), 0) : 0;
    words[at + FLAGS] = isSpan ? span.getTraceFlags().asByte() : 0;
    WRITTEN.setRelease(this, change + 1);
  }

  /// What was current at a time of [System#nanoTime].
  ///
  /// @param isOver whether the thread has ended: then nobody knows how long its last change held
  /// @return an invalid context when nothing was, and when it is not known any more
  SpanContext at(long nanoTime, boolean isOver) {
    long all = (long) WRITTEN.getAcquire(this);
    long oldest = Math.max(0, all - CHANGES);
    long change = all - 1;
    while (change >= oldest && words[place(change) + TIME] - nanoTime > 0) change--;
    if (change < oldest || isOver && change == all - 1) return SpanContext.getInvalid();
    int at = place(change);
    long traceHigh = words[at + TRACE_HIGH];
    long traceLow = words[at + TRACE_LOW];
    long span = words[at + SPAN];
    long flags = words[at + FLAGS];
    VarHandle.loadLoadFence();
    // The thread may be writing the next one, in the place of the oldest.
    if (change <= (long) WRITTEN.getOpaque(this) - CHANGES) return SpanContext.getInvalid();
    if (span == 0) return SpanContext.getInvalid();
    return SpanContext.create(
        hexadecimal(traceHigh) + hexadecimal(traceLow),
        hexadecimal(span),
        TraceFlags.fromByte((byte) flags),
        TraceState.getDefault());
  }

  /// The time of the last change; 0 before there is one.
  long lastChange() {
    long all = (long) WRITTEN.getAcquire(this);
    return all == 0 ? 0 : words[place(all - 1) + TIME];
  }

  private static int place(long change) {
    return (int) (change % CHANGES) * WORDS;
  }

  /// Sixteen digits, of which OpenTelemetry has made sure that they are lower-case hexadecimal.
  private static long hexadecimal(String digits, int from) {
    long value = 0;
    for (int i = from; i < from + 16; i++) {
      int c = digits.charAt(i);
      value = value << 4 | (c & 0xf) + (c >> 6) * 9;
    }
    return value;
  }

  private static String hexadecimal(long value) {
    var digits = new char[16];
    for (int i = 0; i < 16; i++)
      digits[i] = Character.forDigit((int) (value >>> 60 - 4 * i) & 0xf, 16);
    return new String(digits);
  }
}
