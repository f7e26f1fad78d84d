package dev.ringside.receivers.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelPathTest {

  @ParameterizedTest
  @CsvSource({
    "/usr/bin/ls,/usr/bin/ls",
    "/root/./run,/root/run",
    "/root/.//run,/root/run",
    "//usr//bin/ls,/usr/bin/ls",
    "/tmp/.,/tmp",
    "/tmp/,/tmp/",
    "/tmp//,/tmp/",
    "/./,/",
    "/.,/",
    "//,/",
    "/,/",
    "/a/../b,/a/../b",
    "/a/.b/..c/.../d,/a/.b/..c/.../d",
    "/a/b./c,/a/b./c",
    "run/./it,run/./it"
  })
  void removesWhatSaysNothing(String path, String tidy) {
    assertThat(KernelPath.tidy(path)).isEqualTo(tidy);
  }

  @Test
  void aPathThatIsTidyIsNotCopied() {
    String path = "/usr/lib/x86_64-linux-gnu/libc.so.6";

    assertThat(KernelPath.tidy(path)).isSameAs(path);
  }

  @Test
  void namesTheLastPart() {
    assertThat(KernelPath.nameOf("/usr/bin/ls")).isEqualTo("ls");
    assertThat(KernelPath.nameOf("ls")).isEqualTo("ls");
    assertThat(KernelPath.nameOf("")).isEmpty();
  }
}
