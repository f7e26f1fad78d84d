package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringside.bpf.libbpf.Libbpf;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// One ring, mapped into memory and read in place.
///
/// The protocol is the kernel's (`kernel/bpf/ringbuf.c`): the consumer's position is on page 0,
/// which only we write; the producer's on page 1; the data follow from page 2, mapped twice in a
/// row so that an event never wraps. Each event has a header of 8 bytes: bit 31 says it is still
/// being written, bit 30 that it was given up, the low 30 bits are its length. Positions only grow.
/// The producer's position and the header are read with acquire, ours is written with release.
///
/// libbpf does the same and calls back per event; a call from C into Java costs seven times what
/// reading an event costs, so the loop is here.
final class RingReader implements AutoCloseable {
  private static final VarHandle POSITION = JAVA_LONG.varHandle();
  private static final VarHandle HEADER = JAVA_INT.varHandle();
  private static final int BUSY = 1 << 31;
  private static final int DISCARDED = 1 << 30;
  private static final int HEADER_BYTES = 8;

  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int MAP_SHARED = 1;

  /// Takes one event: `length` bytes at `base` of the mapped memory, which is only valid during the
  /// call.
  interface Sink {
    void event(MemorySegment memory, long base, long length);
  }

  private final String name;
  private final int descriptor;
  private final long size;
  private final long page;
  private final Sink sink;
  private final MemorySegment consumer;
  private final MemorySegment producer;
  private volatile long handled;
  private volatile long failed;
  private long position;
  private boolean mapped = true;

  RingReader(String name, int descriptor, long size, Sink sink) {
    this.name = name;
    this.descriptor = descriptor;
    this.size = size;
    this.sink = sink;
    page = Libbpf.getpagesize();
    consumer = map(page, PROT_READ | PROT_WRITE, 0);
    producer = map(page + 2 * size, PROT_READ, page);
    position = (long) POSITION.getAcquire(consumer, 0L);
  }

  private MemorySegment map(long bytes, int protection, long offset) {
    return Native.pointer(
            "map ring " + name,
            Libbpf.mmap$address(),
            Libbpf.mmap$descriptor(),
            MemorySegment.NULL,
            bytes,
            protection,
            MAP_SHARED,
            descriptor,
            offset)
        .reinterpret(bytes);
  }

  /// Hands the events that are there to the sink, at most `most` of them, and gives their room back
  /// one by one. A sink that throws loses that event, counted, and the next one follows.
  ///
  /// @param onFailure told of each exception
  /// @return how many events were taken
  int drain(int most, java.util.function.Consumer<Throwable> onFailure) {
    int taken = 0;
    long end = (long) POSITION.getAcquire(producer, 0L);
    while (position < end && taken < most) {
      long at = page + (position & size - 1);
      int header = (int) HEADER.getAcquire(producer, at);
      if ((header & BUSY) != 0) break;
      long length = header & ~(BUSY | DISCARDED);
      if ((header & DISCARDED) == 0) {
        taken++;
        try {
          sink.event(producer, at + HEADER_BYTES, length);
          handled++;
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
          failed++;
          onFailure.accept(e);
        }
      }
      position += length + HEADER_BYTES + 7 & ~7L;
      POSITION.setRelease(consumer, 0L, position);
      if (position >= end) end = (long) POSITION.getAcquire(producer, 0L);
    }
    return taken;
  }

  String name() {
    return name;
  }

  int descriptor() {
    return descriptor;
  }

  long handled() {
    return handled;
  }

  long failed() {
    return failed;
  }

  long size() {
    return size;
  }

  /// Bytes that are not read yet. Only while mapped.
  synchronized long waiting() {
    if (!mapped) return 0;
    return (long) POSITION.getAcquire(producer, 0L) - (long) POSITION.getAcquire(consumer, 0L);
  }

  /// Unmaps. The polling thread must be done with the ring.
  @Override
  public synchronized void close() {
    if (!mapped) return;
    mapped = false;
    Libbpf.munmap(consumer, page);
    Libbpf.munmap(producer, page + 2 * size);
  }
}
