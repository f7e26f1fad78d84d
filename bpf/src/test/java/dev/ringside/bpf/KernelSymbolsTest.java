package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KernelSymbolsTest {
  @Test
  void knowsFunctionsOfTheKernelAndItsModules() throws IOException {
    var symbols =
        read(
            """
            ffffffff81000010 T vfs_read
            ffffffff82000000 D jiffies
            ffffffffc0201000 t ext4_sync_file\t[ext4]
            ffffffffc0301000 t bpf_prog_6deef7357e7b4530\t[bpf]
            """);

    assertThat(symbols.named("vfs_read"))
        .containsExactly(new KernelSymbols.Instance("", 0xffffffff81000010L));
    assertThat(symbols.named("ext4_sync_file"))
        .containsExactly(new KernelSymbols.Instance("ext4", 0xffffffffc0201000L));
    assertThat(symbols.named("jiffies")).isEmpty();
    assertThat(symbols.named("bpf_prog_6deef7357e7b4530")).isEmpty();
    assertThat(symbols.modules()).containsExactly("ext4");
  }

  @Test
  void knowsAllOfOneName() throws IOException {
    var symbols =
        read(
            """
            ffffffff81000010 t show
            ffffffff81000020 t show
            ffffffffc0201000 t show\t[a]
            """);

    var named = symbols.named("show");

    assertThat(named).extracting(KernelSymbols.Instance::module).containsExactly("", "", "a");
  }

  @Test
  void knowsWhatACompilerMadeOfAFunction() throws IOException {
    var symbols =
        read(
            """
            ffffffff81000010 t do_it.isra.0
            ffffffff81000020 t do_it.cold
            ffffffff81000030 t do_it_now
            """);

    var variants = symbols.variants("do_it");

    assertThat(variants).containsExactly("do_it.isra.0", "do_it.cold");
  }

  @Test
  void leavesOutTheRoomInFrontOfFunctions() throws IOException {
    var symbols =
        read(
            """
            ffffffff81000000 t __pfx_vfs_read
            ffffffff81000010 T vfs_read
            ffffffff81000020 T __cfi_vfs_read
            """);

    assertThat(symbols.names().each()).toIterable().containsExactly("vfs_read");
  }

  @Test
  void placesAFunctionBetweenMarks() throws IOException {
    var symbols =
        read(
            """
            ffffffff83000000 T _sinittext
            ffffffff83001000 T _einittext
            """);

    assertThat(symbols.isBetween(0xffffffff83000010L, "_sinittext", "_einittext")).isTrue();
    assertThat(symbols.isBetween(0xffffffff83001000L, "_sinittext", "_einittext")).isFalse();
    assertThat(symbols.isBetween(0xffffffff82000000L, "_sinittext", "_einittext")).isFalse();
    assertThat(symbols.isBetween(0xffffffff83000010L, "_sinittext", "_nowhere")).isFalse();
  }

  @Test
  void placesNothingWhereAddressesAreHidden() throws IOException {
    var symbols =
        read(
            """
            0000000000000000 T _sinittext
            0000000000000000 T _einittext
            """);

    assertThat(symbols.isBetween(0, "_sinittext", "_einittext")).isFalse();
  }

  @Test
  void readsManyMoreThanFitIntoOneReading() throws IOException {
    var lines = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      lines.append("%016x t function_%d%n".formatted(0xffffffff81000000L + i, i));
    }

    var symbols = read(lines.toString());

    assertThat(symbols.names().count()).isEqualTo(10_000);
    assertThat(symbols.named("function_9999"))
        .containsExactly(new KernelSymbols.Instance("", 0xffffffff81000000L + 9_999));
  }

  private static KernelSymbols read(String lines) throws IOException {
    return new KernelSymbols(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
  }
}
