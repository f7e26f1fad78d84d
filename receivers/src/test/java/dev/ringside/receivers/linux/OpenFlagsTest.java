package dev.ringside.receivers.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenFlagsTest {

  @Test
  void decodesFlagsLowestFirst() {
    var flags = x86(01 | 0100 | 01000 | 02000000);

    assertThat(flags.accessMode()).isEqualTo("write");
    assertThat(flags.names()).containsExactly("O_CREAT", "O_TRUNC", "O_CLOEXEC");
    assertThat(flags.mayCreate()).isTrue();
  }

  @Test
  void readsFourBitsInEachArchitecturesOwnWay() {
    long bits = 040000 | 0100000 | 0200000 | 0400000;

    assertThat(x86(040000).names()).containsExactly("O_DIRECT");
    assertThat(arm64(040000).names()).containsExactly("O_DIRECTORY");
    assertThat(x86(0100000).names()).containsExactly("O_LARGEFILE");
    assertThat(arm64(0100000).names()).containsExactly("O_NOFOLLOW");
    assertThat(x86(0200000).names()).containsExactly("O_DIRECTORY");
    assertThat(arm64(0200000).names()).containsExactly("O_DIRECT");
    assertThat(x86(0400000).names()).containsExactly("O_NOFOLLOW");
    assertThat(arm64(0400000).names()).containsExactly("O_LARGEFILE");
    assertThat(x86(bits).names()).containsExactlyInAnyOrderElementsOf(arm64(bits).names());
  }

  @Test
  void tellsSyncFromDsyncAndTmpfileFromDirectory() {
    assertThat(x86(04010000).names()).containsExactly("O_SYNC");
    assertThat(x86(010000).names()).containsExactly("O_DSYNC");
    assertThat(x86(020200002).names()).containsExactly("O_TMPFILE");
    assertThat(arm64(020040002).names()).containsExactly("O_TMPFILE");
    assertThat(x86(020200002).mayCreate()).isTrue();
  }

  @Test
  void pathIsAnAccessModeOfItsOwn() {
    assertThat(x86(010000000).accessMode()).isEqualTo("path");
    assertThat(x86(0).accessMode()).isEqualTo("read");
    assertThat(x86(2).accessMode()).isEqualTo("read_write");
    assertThat(x86(3).accessMode()).isEqualTo("read_write");
  }

  @Test
  void showsBitsWithoutAName() {
    assertThat(x86(0x1_0000_0000L | 02000000).names()).containsExactly("O_CLOEXEC", "0x100000000");
  }

  @Test
  void noFlagIsAnEmptyList() {
    assertThat(x86(0).names()).isEmpty();
  }

  private static OpenFlags x86(long bits) {
    return new OpenFlags(bits, false);
  }

  private static OpenFlags arm64(long bits) {
    return new OpenFlags(bits, true);
  }
}
