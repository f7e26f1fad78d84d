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
      var ring =
          new RingReader(
              "fuzzed",
              -1,
              SIZE,
              true,
              (base, length) -> {
                long from = base - memory.producer().address() - PAGE;
                assertThat(from + length).isLessThanOrEqualTo(filled);
                assertThat(length).isNotNegative();
              },
              memory);

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
}
