package dev.ringside.bpf.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class DowncallTest {
  private static final int EBADF = 9;
  private static final int CLOCK_MONOTONIC = 1;

  @Test
  void errnoOfTheLastCallIsKept() {
    int result = Libbpf.close(-1);

    assertThat(result).isEqualTo(-1);
    assertThat(Downcall.errno()).isEqualTo(EBADF);
  }

  @Test
  void numbersBelowZeroArriveAndComeBack() {
    var nowhere = Libbpf.mmap(MemorySegment.NULL, 1, -1, -1, -1, 0);

    assertThat(nowhere.address()).isEqualTo(-1);
  }

  @Test
  void aFunctionReadsASeventhArgument() {
    try (var arena = Arena.ofConfined()) {
      var text = arena.allocate(64);
      var format = arena.allocateFrom("%ld %ld %ld %ld");

      long length =
          Downcall.call(
              Libbpf.SYMBOL_LOOKUP.findOrThrow("snprintf"),
              text.address(),
              text.byteSize(),
              format.address(),
              1,
              2,
              3,
              Long.MIN_VALUE);

      assertThat(text.getString(0)).isEqualTo("1 2 3 " + Long.MIN_VALUE).hasSize((int) length);
    }
  }

  @Test
  void whatIsNotNativeMemoryIsRefused() {
    var onTheHeap = MemorySegment.ofArray(new byte[16]);

    assertThatThrownBy(() -> Libbpf.clock_gettime(CLOCK_MONOTONIC, onTheHeap))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("on the heap");
  }

  @Test
  void whatWasFreedIsRefused() {
    MemorySegment freed;
    try (var arena = Arena.ofConfined()) {
      freed = arena.allocate(16);
    }

    assertThatThrownBy(() -> Libbpf.clock_gettime(CLOCK_MONOTONIC, freed))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("already freed");
  }
}
