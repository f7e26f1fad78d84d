package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringside.receivers.linux.SystemCalls;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SystemCallChoiceTest {
  private static final SystemCalls X86_64 = SystemCalls.of("amd64");

  @Test
  void takesAllThatReturnAndDoNotJustWait() {
    var names = choose(List.of(), SystemCallChoice.WAITING);

    assertThat(names)
        .contains("read", "openat", "clone", "execve", "listns", "syscall_400", "_OTHER")
        .doesNotContain("futex", "epoll_wait", "exit", "exit_group", "rt_sigreturn", "uretprobe");
  }

  @Test
  void takesWhatMatchesAPattern() {
    var names = choose(List.of("f*sync", "pread?4"), List.of());

    assertThat(names).containsExactly("pread64", "fsync", "fdatasync");
  }

  @Test
  void takesWhatIsSpeltOutAlsoWhenItIsExcluded() {
    var names = choose(List.of("nanosleep", "*poll"), SystemCallChoice.WAITING);

    assertThat(names).containsExactly("nanosleep");
  }

  @Test
  void takesNamesOfAnotherArchitectureForGranted() {
    var names =
        SystemCallChoice.of(
                SystemCalls.of("aarch64"), List.of("open", "openat"), SystemCallChoice.WAITING)
            .names();

    assertThat(names).containsExactly("openat");
  }

  @Test
  void marksNumbersForTheKernel() {
    var flags = SystemCallChoice.of(X86_64, List.of("read", "_OTHER"), List.of()).flags();

    assertThat(flags).hasSize(513);
    assertThat(flags[0]).isEqualTo((byte) 1);
    assertThat(flags[1]).isZero();
    assertThat(flags[512]).isEqualTo((byte) 1);
  }

  @ParameterizedTest
  @CsvSource({
    "raed,calls: 'raed': no such system call; did you mean read?",
    "epol_wait,calls: 'epol_wait': no such system call; did you mean epoll_wait?",
    "sleepy*,calls: 'sleepy*' matches no system call",
    "read(,calls: 'read(': no such system call; did you mean read?",
    "exit_group,'calls: exit_group does not return to its caller, so it has no duration'"
  })
  void saysWhatIsWrongWithAName(String call, String message) {
    assertThatThrownBy(() -> choose(List.of(call), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "*e*,re*"})
  void refusesToMeasureNothing(String excluded) {
    assertThatThrownBy(() -> choose(List.of("re?d"), List.of(excluded.split(","))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("calls: none is left");
  }

  private static List<String> choose(List<String> calls, List<String> exclude) {
    return SystemCallChoice.of(X86_64, calls, exclude).names();
  }
}
