package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SystemCallFilterTest {
  @Test
  void refusesProgramsUsersAndListeningAndLetsTheRestThrough() throws Exception {
    var java = Path.of(System.getProperty("java.home"), "bin/java").toString();
    var command =
        List.of(
            java,
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            FilteredProgram.class.getName());

    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said)
        .containsPattern("start a program: .*Operation not permitted")
        .containsPattern("start a program from another thread: .*Operation not permitted")
        .containsPattern("listen: .*Operation not permitted")
        .containsPattern("become another user: .*Operation not permitted")
        .contains("read a map: Bad file descriptor")
        .contains("write a map: Bad file descriptor")
        .contains("take from a map: Bad file descriptor")
        .containsPattern("attach a program: .*Operation not permitted")
        .contains("read a file: done");
  }

  @Test
  void isShortEnoughForItsJumps() {
    var program = SystemCallFilter.program();

    assertThat(program).hasSizeLessThan(4096);
    assertThat(program.getLast().code()).as("it ends by returning").isEqualTo(0x06);
  }
}
