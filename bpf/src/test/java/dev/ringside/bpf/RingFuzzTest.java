package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Any bytes as a ring's contents: reading ends, and hands over nothing that was not written.
class RingFuzzTest {
  private static final int PAGE = 4096;
  private static final int SIZE = PAGE;

  @FuzzTest
  void readsWhatIsThereAndNoMore(byte[] data) {
    int filled = Math.min(data.length, SIZE) & ~7;
    try (var arena = Arena.ofConfined()) {
      var memory = new RingMemory(PAGE, arena.allocate(PAGE, 8), arena.allocate(PAGE + SIZE, 8));
      MemorySegment.copy(
          MemorySegment.ofArray(data), 0, memory.producer(), PAGE, Math.min(data.length, SIZE));
      memory.producer().set(JAVA_LONG, 0, filled);
      var ring = new RingReader("fuzzed", -1, SIZE, true, new Bounds(memory, filled), memory);

      ring.mark();
      ring.extend();
      int taken = 0;
      while (ring.nextTime() != RingReader.NOTHING) {
        ring.take(
            RingReader.NOTHING,
            true,
            1,
            (name, e) -> assertThat(e).isInstanceOf(IllegalStateException.class));
        assertThat(++taken).isLessThanOrEqualTo(SIZE / 8);
      }

      assertThat(memory.consumer().get(JAVA_LONG, 0)).isBetween(0L, (long) filled);
      assertThat(ring.handled() + ring.failed()).isEqualTo(taken);
    }
  }

  /// Goes through a ring as what is generated does, and looks at where it is.
  private static final class Bounds implements RecordSink {
    private final long data;
    private final int filled;
    private int taken;
    private long next;

    Bounds(RingMemory memory, int filled) {
      data = memory.producer().address() + PAGE;
      this.filled = filled;
    }

    @Override
    public void take(long base, long until, long limit) {
      taken = 0;
      next = base;
      while (next < until) {
        long length = RecordReader.header(next);
        long after = next + RecordReader.step(length);
        if (!RecordReader.isComplete(length) || after > limit) break;
        assertThat(next - data + length).isLessThanOrEqualTo(filled);
        assertThat(length).isNotNegative();
        taken++;
        next = after;
      }
    }

    @Override
    public int taken() {
      return taken;
    }

    @Override
    public long next() {
      return next;
    }
  }
}
