package dev.ringside.bpf;

import static dev.ringside.bpf.RecordReader.MEMORY;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.BiConsumer;

/// One ring, mapped into memory and read in place.
///
/// The protocol is the kernel's (`kernel/bpf/ringbuf.c`): the consumer's position is on page 0,
/// which only we write; the producer's on page 1; the data follow from page 2. They could be mapped
/// twice in a row, as libbpf does, so that an event never wraps; but then they count twice as this
/// process's memory. So the one event per round that wraps is copied. Each event has a header of 8
/// bytes: bit 31 says it is still being written, bit 30 that it was given up, the low 30 bits are
/// its length. Positions only grow. The producer's position and the header are read with acquire,
/// ours is written with release.
///
/// libbpf does the same and calls back per event; a call from C into Java costs seven times what
/// reading an event costs, so all of it is in Java. The innermost loop is generated for each ring
/// ([SinkCode]); here is what lies around it: how far it may go, and what does not lie in one
/// piece.
final class RingReader implements AutoCloseable {
  private static final VarHandle POSITION = JAVA_LONG.varHandle();
  private static final VarHandle HEADER = JAVA_INT.varHandle();
  private static final VarHandle HANDLED;
  private static final VarHandle FAILED;

  static {
    try {
      var here = MethodHandles.lookup();
      HANDLED = here.findVarHandle(RingReader.class, "handledThen", long.class);
      FAILED = here.findVarHandle(RingReader.class, "failedThen", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  static final int BUSY = 1 << 31;
  static final int DISCARDED = 1 << 30;
  static final int HEADER_BYTES = 8;

  /// Whoever writes the position for each event has its page go back and forth between processors.
  private static final int EVENTS_PER_RELEASE = 64;

  private static final int BYTES_PER_RELEASE = 16 * 1024;

  static final long NOTHING = Long.MAX_VALUE;

  private final String name;
  private final int descriptor;
  private final long size;
  private final RecordSink sink;
  private final RingMemory memory;
  // Addresses:
  private final long consumer;
  private final long producer;
  private final long data;
  // Of the polling thread:
  private long handled;
  private long failed;
  // For the others, as of the last release:
  private long handledThen;
  private long failedThen;
  private final boolean timed;
  private MemorySegment wrapped = MemorySegment.NULL;
  private long position;
  private long mark;
  private long end;
  private boolean mapped = true;

  /// @param timed whether the ring's struct begins with a `boottime_ns`
  /// @param memory unmapped by [#close]
  RingReader(
      String name, int descriptor, long size, boolean timed, RecordSink sink, RingMemory memory) {
    this.name = name;
    this.descriptor = descriptor;
    this.size = size;
    this.timed = timed;
    this.sink = sink;
    this.memory = memory;
    consumer = memory.consumer().address();
    producer = memory.producer().address();
    data = producer + memory.page();
    position = (long) POSITION.getAcquire(MEMORY, consumer);
  }

  /// Notes how far the ring is filled now: [#isBehindMark] is about the events up to here.
  void mark() {
    mark = (long) POSITION.getAcquire(MEMORY, producer);
  }

  /// Looks again: what came since the mark may be taken too.
  void extend() {
    end = (long) POSITION.getAcquire(MEMORY, producer);
  }

  /// Whether an event from before the mark is still to be taken.
  boolean isBehindMark() {
    return position < mark;
  }

  /// When the next event happened, in nanoseconds of CLOCK_BOOTTIME: the beginning of its struct.
  /// The least number there is for events that do not say; [#NOTHING] when there is none up to the
  /// end that was seen, or when it is still being written, which nobody may overtake.
  long nextTime() {
    return hasNext() ? timeAt(position) : NOTHING;
  }

  private long timeAt(long position) {
    return timed ? MEMORY.get(JAVA_LONG, address(position + HEADER_BYTES)) : Long.MIN_VALUE;
  }

  private boolean hasNext() {
    while (position < end) {
      int header = header(position);
      if ((header & BUSY) != 0) {
        mark = end = position;
        return false;
      }
      if ((header & DISCARDED) == 0) {
        return true;
      }
      skip(Math.min(header & ~DISCARDED, end - position - HEADER_BYTES));
      release();
    }
    return false;
  }

  /// Whether the next event is complete. One that is still being written wakes when it is.
  boolean isReadable() {
    if (position >= (long) POSITION.getAcquire(MEMORY, producer)) return false;
    return (header(position) & BUSY) == 0;
  }

  /// Whether so much waits that the kernel side wakes for it.
  boolean isWorthWaking() {
    return (long) POSITION.getAcquire(MEMORY, producer) - position >= wakeupBytes(size);
  }

  /// For a ring of `size` bytes: often enough that the rest of it holds what comes until the reader
  /// is there. A power of two, as the size is.
  static long wakeupBytes(long size) {
    return Math.min(size / 4, 64 * 1024);
  }

  /// Takes the next event, of which [#nextTime] has said that it is there, and those that follow.
  ///
  /// @param time events that happened then or later stay, but for the first
  /// @param alsoBeyondMark whether events from after the mark are taken
  /// @param most so many at most
  /// @param onFailure told of the ring and what the sink threw
  /// @return how many
  int take(long time, boolean alsoBeyondMark, int most, BiConsumer<String, Throwable> onFailure) {
    int taken = 0;
    do {
      long until = alsoBeyondMark ? end : mark;
      // No event is shorter than its header, so these are not more than may be taken. And where
      // another ring's events may come between, it is one at a time.
      long bytes = Math.min(BYTES_PER_RELEASE, (long) (most - taken) * HEADER_BYTES);
      until = Math.min(until, time == NOTHING ? position + bytes : position);
      int some = takeSome(until, onFailure);
      taken += some;
      if (some > 1 || taken % EVENTS_PER_RELEASE == 0) release();
    } while (taken < most
        && (alsoBeyondMark || isBehindMark())
        && (time == NOTHING ? hasNext() : nextTime() < time));
    release();
    return taken;
  }

  /// Hands events to the sink: the next one, and those that follow it before the position `until`,
  /// up to one that is not there yet, or was given up. A sink that throws loses that event,
  /// counted, and ends this.
  ///
  /// @return how many
  private int takeSome(long until, BiConsumer<String, Throwable> onFailure) {
    long before = handled + failed;
    until = Math.max(until, position + 1); // at least the next one
    try {
      while (position < until && takePiece(until)) {}
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      failed++;
      position = Math.min(after(position, header(position)), end);
      onFailure.accept(name, e);
    }
    return (int) (handled + failed - before);
  }

  /// Takes what lies in one piece, or the one event that does not.
  ///
  /// @return whether there was any
  private boolean takePiece(long until) {
    long at = address(position);
    long untilEnd = data + size - at;
    if (take(at, until - position, Math.min(end - position, untilEnd))) return true;
    int header = header(position);
    if ((header & (BUSY | DISCARDED)) != 0) return false;
    long step = after(0, header);
    if (step > end - position) throw broken(position, header);
    return take(joined(at, untilEnd, step), 1, step);
  }

  /// @param at the address of the first event's header
  /// @param until events that begin so many bytes from there or later stay
  /// @param bytes how many are there in one piece
  private boolean take(long at, long until, long bytes) {
    long base = at + HEADER_BYTES;
    try {
      // Behind the last byte there is no header, and in a ring no memory.
      sink.take(base, base + Math.min(until, bytes), base + bytes);
    } finally {
      handled += sink.taken();
      position += sink.next() - base;
    }
    return sink.taken() > 0;
  }

  /// Gives the room of what was taken back to the kernel, and says how much that was.
  private void release() {
    HANDLED.setRelease(this, handled);
    FAILED.setRelease(this, failed);
    POSITION.setRelease(MEMORY, consumer, position);
  }

  private int header(long position) {
    return (int) HEADER.getAcquire(MEMORY, address(position));
  }

  private long address(long position) {
    return data + (position & size - 1);
  }

  private long joined(long at, long untilEnd, long length) {
    if (wrapped.byteSize() < length) wrapped = Arena.ofAuto().allocate(length, HEADER_BYTES);
    MemorySegment.copy(MEMORY, at, wrapped, 0, untilEnd);
    MemorySegment.copy(MEMORY, data, wrapped, untilEnd, length - untilEnd);
    return wrapped.address();
  }

  /// Nobody knows where the next event begins, so all up to the end that was seen is given up.
  private IllegalStateException broken(long position, int length) {
    return new IllegalStateException(
        "ring %s: an event of %d bytes at position %d, where only %d were written; they are skipped"
            .formatted(name, length, position, end - position - HEADER_BYTES));
  }

  private void skip(long length) {
    position = after(position, length);
  }

  /// Where the event after one of `length` bytes begins.
  static long after(long position, long length) {
    return position + length + HEADER_BYTES + 7 & ~7L;
  }

  String name() {
    return name;
  }

  int descriptor() {
    return descriptor;
  }

  long handled() {
    return (long) HANDLED.getAcquire(this);
  }

  long failed() {
    return (long) FAILED.getAcquire(this);
  }

  long size() {
    return size;
  }

  /// Bytes that are not read yet. Only while mapped.
  synchronized long waiting() {
    if (!mapped) return 0;
    return (long) POSITION.getAcquire(MEMORY, producer)
        - (long) POSITION.getAcquire(MEMORY, consumer);
  }

  /// Unmaps. The polling thread must be done with the ring.
  @Override
  public synchronized void close() {
    if (!mapped) return;
    mapped = false;
    memory.unmap();
  }
}
