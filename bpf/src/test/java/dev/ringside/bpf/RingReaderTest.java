package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.bpf.libbpf.Libbpf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A ring as the kernel leaves it behind, in memory of our own: which events are taken, and what is
/// given back.
class RingReaderTest {
  record Numbered(long big) {}

  private static final int PAGE = 4096;
  private static final int SIZE = PAGE;
  private static final int BUSY = 1 << 31;
  private static final int LENGTH = 128;
  private static final int READ_WRITE = 3;
  private static final int FIXED = 0x10;

  private final RingMemory memory =
      new RingMemory(PAGE, pages(0, PAGE, READ_WRITE, 0), beforeForbidden(PAGE + SIZE));
  private final List<Long> seen = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private long filled;
  private long numbers;

  @Test
  void takesEventsOfAnyLengthInTheirOrderAroundTheEnd() {
    startAt(SIZE - 5 * LENGTH);
    var ring = ring(e -> {});
    for (int length : new int[] {128, 128, 128, 136, 131, 132, 128, 128, 200, 128}) put(length);

    int taken = takeAll(ring);

    assertThat(taken).isEqualTo(10);
    assertThat(seen).containsExactlyElementsOf(upTo(10));
    assertThat(ring.handled()).isEqualTo(10);
    assertThat(givenBack()).isEqualTo(filled);
    assertThat(failures).isEmpty();
  }

  @Test
  void leavesAnEventThatIsStillBeingWritten() {
    var ring = ring(e -> {});
    IntStream.range(0, 3).forEach(i -> put(LENGTH));
    long unfinished = filled;
    put(LENGTH | BUSY);
    put(LENGTH);

    takeAll(ring);

    assertThat(seen).containsExactlyElementsOf(upTo(3));
    assertThat(givenBack()).isEqualTo(unfinished);

    memory.producer().set(JAVA_INT, PAGE + unfinished, LENGTH);
    takeAll(ring);

    assertThat(seen).containsExactlyElementsOf(upTo(5));
    assertThat(givenBack()).isEqualTo(filled);
  }

  @Test
  void losesOnlyTheEventWhoseHandlerThrew() {
    var ring =
        ring(e -> {
          if (e.big() == 2) throw new IllegalStateException("the third one");
        });
    IntStream.range(0, 5).forEach(i -> put(LENGTH));

    takeAll(ring);

    assertThat(seen).containsExactlyElementsOf(upTo(5));
    assertThat(ring.handled()).isEqualTo(4);
    assertThat(ring.failed()).isEqualTo(1);
    assertThat(failures).singleElement().satisfies(f -> assertThat(f).hasMessage("the third one"));
    assertThat(givenBack()).isEqualTo(filled);
  }

  @Test
  void leavesWhatCameAfterTheMark() {
    var ring = ring(e -> {});
    IntStream.range(0, 3).forEach(i -> put(LENGTH));
    ring.mark();
    IntStream.range(0, 2).forEach(i -> put(LENGTH));
    ring.extend();

    ring.nextTime();
    int taken = ring.take(RingReader.NOTHING, false, 100, (name, e) -> failures.add(e));

    assertThat(taken).isEqualTo(3);
    assertThat(seen).containsExactlyElementsOf(upTo(3));
  }

  @Test
  void refusesAnEventThatIsTooShort() {
    var ring = ring(e -> {});
    put(16);
    put(LENGTH);

    takeAll(ring);

    assertThat(seen).containsExactly(1L);
    assertThat(failures)
        .singleElement()
        .satisfies(f -> assertThat(f).hasMessageContaining("an event of 16 bytes, at least"));
  }

  @Test
  void readsNothingBehindTheRing() {
    startAt(SIZE - 2 * (LENGTH + 8));
    var ring = ring(e -> {});
    IntStream.range(0, 4).forEach(i -> put(LENGTH));

    takeAll(ring);

    assertThat(seen).containsExactlyElementsOf(upTo(4));
  }

  /// Memory behind which is some that may not even be read.
  private static MemorySegment beforeForbidden(long bytes) {
    var all = pages(0, bytes + PAGE, 0, 0);
    return pages(all.address(), bytes, READ_WRITE, FIXED);
  }

  private static MemorySegment pages(long at, long bytes, int protection, int flags) {
    int anonymous = 0x22;
    var where = MemorySegment.ofAddress(at);
    return Native.pointer("map", Libbpf.mmap(where, bytes, protection, anonymous | flags, -1, 0))
        .reinterpret(bytes);
  }

  @AfterEach
  void unmap() {
    memory.unmap();
  }

  private void startAt(long position) {
    memory.consumer().set(JAVA_LONG, 0, position);
    memory.producer().set(JAVA_LONG, 0, position);
    filled = position;
  }

  private RingReader ring(Consumer<Numbered> handler) {
    try (var object = new LoadedObject("kinds", TestObjects.image("kinds"))) {
      var btf = object.btf(Arena.ofAuto());
      Consumer<Numbered> noted =
          e -> {
            seen.add(e.big());
            handler.accept(e);
          };
      var sink = Decoder.sink(Numbered.class, btf.carriedBy("kinds"), btf, noted);
      return new RingReader("kinds", -1, SIZE, true, sink, memory);
    }
  }

  /// As the kernel writes one: a header of a length and two flags, and the struct, whose second
  /// number is the event's.
  private void put(int header) {
    int length = header & ~BUSY;
    set(filled, header);
    for (int i = 0; i < length; i += 4) set(filled + 8 + i, -1);
    set(filled + 16, (int) numbers++);
    set(filled + 20, 0);
    filled += length + 8 + 7 & ~7;
    memory.producer().set(JAVA_LONG, 0, filled);
  }

  private void set(long position, int value) {
    for (int i = 0; i < 4; i++) {
      long at = PAGE + (position + i) % SIZE;
      memory.producer().set(JAVA_BYTE, at, (byte) (value >>> 8 * i));
    }
  }

  private int takeAll(RingReader ring) {
    ring.mark();
    ring.extend();
    int taken = 0;
    while (ring.nextTime() != RingReader.NOTHING) {
      taken += ring.take(RingReader.NOTHING, true, 100, (name, e) -> failures.add(e));
    }
    return taken;
  }

  private long givenBack() {
    return memory.consumer().get(JAVA_LONG, 0);
  }

  private static List<Long> upTo(int n) {
    return LongStream.range(0, n).boxed().toList();
  }
}
