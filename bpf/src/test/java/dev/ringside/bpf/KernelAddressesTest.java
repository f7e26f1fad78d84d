package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KernelAddressesTest {
  private final KernelAddresses kernel =
      read(
          """
          ffffffff81000200 T ksys_read
          ffffffff81000100 T vfs_read
          ffffffff81000100 T a_second_name
          ffffffff81000180 D some_data
          ffffffffc0000000 t ext4_file_read\t[ext4]
          """);

  @Test
  void namesTheFunctionAndHowFarTheAddressIsIntoIt() {
    assertThat(kernel.nameOf(0xffffffff81000190L)).isEqualTo("vfs_read+0x90");
    assertThat(kernel.nameOf(0xffffffff81000201L)).isEqualTo("ksys_read+0x1");
    assertThat(kernel.nameOf(0xffffffffc0000010L)).isEqualTo("ext4_file_read+0x10");
  }

  @Test
  void takesTheAddressBehindACallForThatOfTheCaller() {
    assertThat(kernel.nameOf(0xffffffff81000200L)).isEqualTo("vfs_read+0x100");
  }

  @Test
  void givesNoNameToWhatIsInNoFunction() {
    assertThat(kernel.nameOf(0xffffffff81000100L)).isEmpty();
    assertThat(kernel.nameOf(0xffffffffb0000000L)).isEmpty();
    assertThat(kernel.nameOf(0x401000)).isEmpty();
  }

  private static KernelAddresses read(String lines) {
    try {
      return new KernelAddresses(
          new ByteArrayInputStream(lines.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
