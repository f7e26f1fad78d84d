package dev.ringside.receivers.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.bpf.Text;
import org.junit.jupiter.api.Test;

class MappedFilesTest {
  private final MappedFiles files =
      MappedFiles.of(
          Text.of(
              """
              55d0a000-55d0b000 r--p 00000000 fe:01 42                   /usr/bin/my cat
              55d0b000-55d0d000 r-xp 00001000 fe:01 42                   /usr/bin/my cat
              7f00a000-7f00b000 rwxp 00000000 00:00 0\s
              7ffd1000-7ffd3000 r-xp 00000000 00:00 0                    [vdso]
              """));

  @Test
  void namesTheFileAndThePlaceInIt() {
    assertThat(nameOf(0x55d0b123)).isEqualTo("/usr/bin/my cat+0x1123");
    assertThat(nameOf(0x7ffd1010)).isEqualTo("[vdso]+0x10");
  }

  @Test
  void givesTheAddressOfCodeThatIsInNoFile() {
    assertThat(nameOf(0x7f00a010)).isEqualTo("0x7f00a010");
  }

  @Test
  void aNameThatLooksLikeALineIsAName() {
    var evil = "/tmp/x\r1-f r-xp nothing 00:00 0 /usr/lib/libc.so.6";

    var named = MappedFiles.of(Text.of("55d0b000-55d0d000 r-xp 00001000 fe:01 42 " + evil + "\n"));

    assertThat(named.areas())
        .containsExactly(new MappedFiles.Area(0x55d0b000, 0x55d0d000, 0x1000, evil));
  }

  @Test
  void knowsWhatIsNoCode() {
    assertThat(files.at(0x55d0a123)).isNull();
    assertThat(files.at(0)).isNull();
  }

  private String nameOf(long address) {
    return files.at(address).nameOf(address);
  }

  @Test
  void readsThoseOfARunningProcess() {
    var own = MappedFiles.of((int) ProcessHandle.current().pid());

    assertThat(own.areas()).anyMatch(area -> area.path().contains("libjvm.so"));
    assertThat(MappedFiles.of(-1).areas()).isEmpty();
  }
}
