package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.bpf.Text;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownProgramsTest {
  private final KnownPrograms programs = new KnownPrograms();

  @Test
  void knowsACommandThatComesAgain() {
    programs.of(exec("/bin/ls", "ls\0-l\0", 2));
    var first = programs.of(exec("/bin/ls", "ls\0-l\0", 2));

    assertThat(programs.of(exec("/bin/ls", "ls\0-l\0", 2))).isSameAs(first);
    assertThat(first.program().args()).containsExactly("ls", "-l");
  }

  @Test
  void tellsCommandsApartByAllThatIsSaidOfThem() {
    for (int i = 0; i < 2; i++) programs.of(exec("/bin/ls", "ls\0-l\0", 2));

    assertThat(programs.of(exec("/bin/ls", "ls\0-a\0", 2)).program().args())
        .containsExactly("ls", "-a");
    assertThat(programs.of(exec("/sbin/ls", "ls\0-l\0", 2)).program().path()).isEqualTo("/sbin/ls");
    var more = programs.of(exec("/bin/ls", "ls\0-l\0", 3));
    assertThat(more).isNotSameAs(programs.of(exec("/bin/ls", "ls\0-l\0", 2)));
    var cut = new Text("ls\0-l\0".getBytes(), true);
    assertThat(programs.of(exec("/bin/ls", cut, 2)).program().argsCut()).isTrue();
  }

  @Test
  void forgetsACommandWithASecret() {
    programs.of(exec("/bin/x", "x\0--password\0geheim\0", 3));
    var first = programs.of(exec("/bin/x", "x\0--password\0geheim\0", 3));
    var second = programs.of(exec("/bin/x", "x\0--password\0geheim\0", 3));

    assertThat(second).isNotSameAs(first);
    assertThat(List.of(first, second))
        .allSatisfy(known ->
            assertThat(known.program().args()).containsExactly("x", "--password", "[REDACTED]"));
  }

  @Test
  void forgetsWhatIsLong() {
    var args = "x\0" + "y".repeat(256) + '\0';
    programs.of(exec("/bin/x", args, 2));

    assertThat(programs.of(exec("/bin/x", args, 2)))
        .isNotSameAs(programs.of(exec("/bin/x", args, 2)));
  }

  @Test
  void forgetsWhatWasNotExecutedForLongest() {
    var first = twice("first");
    var second = twice("second");
    assertThat(twice("first")).isSameAs(first);
    for (int i = 0; i < 1023; i++) twice("" + i);

    assertThat(programs.of(exec("/bin/x", "x\0first\0", 2))).isSameAs(first);
    assertThat(programs.of(exec("/bin/x", "x\0second\0", 2))).isNotSameAs(second);
  }

  private KnownPrograms.Known twice(String argument) {
    programs.of(exec("/bin/x", "x\0" + argument + '\0', 2));
    return programs.of(exec("/bin/x", "x\0" + argument + '\0', 2));
  }

  private static ProcessExec exec(String path, String args, int count) {
    return exec(path, Text.of(args), count);
  }

  private static ProcessExec exec(String path, Text args, int count) {
    var process = new ObservedProcess(1, 2, 2, 1, 2, 0, "x");
    return new ProcessExec(
        5, process, 0, count, Text.of(path), Text.EMPTY, Text.EMPTY, args, Text.EMPTY);
  }
}
