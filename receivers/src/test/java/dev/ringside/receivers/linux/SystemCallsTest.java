package dev.ringside.receivers.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SystemCallsTest {
  private static final Path HEADER = Path.of("/usr/include/x86_64-linux-gnu/asm/unistd_64.h");
  private static final Pattern NUMBER = Pattern.compile("#define __NR_(\\w+) (\\d+)");

  @Test
  void callsThemAsTheKernelsHeadersDo() throws Exception {
    assumeTrue(Files.exists(HEADER), "no " + HEADER);
    var calls = SystemCalls.of("amd64");

    var numbers = NUMBER.matcher(Files.readString(HEADER)).results().toList();

    assertThat(numbers).hasSizeGreaterThan(340);
    assertThat(numbers)
        .allSatisfy(
            n -> assertThat(calls.name(Integer.parseInt(n.group(2)))).isEqualTo(n.group(1)));
  }

  @ParameterizedTest
  @CsvSource({
    "amd64,0,read",
    "amd64,335,uretprobe",
    "amd64,424,pidfd_send_signal",
    "amd64,471,rseq_slice_yield",
    "amd64,472,syscall_472",
    "amd64,512,_OTHER",
    "amd64,-1,_OTHER",
    "aarch64,0,io_setup",
    "aarch64,56,openat",
    "aarch64,63,read",
    "aarch64,222,mmap",
    "aarch64,244,syscall_244",
    "aarch64,260,wait4",
    "aarch64,294,kexec_file_load",
    "aarch64,437,openat2"
  })
  void knowsNumbersOfBothArchitectures(String architecture, int number, String name) {
    var calls = SystemCalls.of(architecture);

    assertThat(calls.name(number)).isEqualTo(name);
    if (number >= 0) assertThat(calls.number(name)).isEqualTo(number);
  }

  @Test
  void givesEachNumberANameOfItsOwn() {
    for (var architecture : List.of("amd64", "aarch64")) {
      var names = new HashSet<String>();
      for (int n = 0; n <= SystemCalls.NUMBERS; n++)
        names.add(SystemCalls.of(architecture).name(n));

      assertThat(names).hasSize(SystemCalls.NUMBERS + 1);
    }
  }
}
