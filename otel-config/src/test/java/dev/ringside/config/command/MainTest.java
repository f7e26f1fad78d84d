package dev.ringside.config.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @TempDir private Path directory;
  private Shell shell;

  @BeforeEach
  void openShell() {
    shell = new Shell(directory);
  }

  @Test
  void explainsItselfWithoutArguments() {
    int code = shell.ringside();

    assertThat(code).isEqualTo(2);
    assertThat(shell.err()).contains("Usage: ringside").contains("Start with `ringside run`");
    assertThat(shell.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"run", "doctor", "receivers", "config", "config check"})
  void hasAHelpTextForEveryCommand(String command) {
    int code = shell.ringside((command + " --help").split(" "));

    assertThat(code).isZero();
    assertThat(shell.out()).contains("Usage: ringside " + command);
    assertThat(shell.out().lines().findFirst().orElseThrow()).endsWith(".");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "doctor", "receivers", "config check"})
  void saysWhatTheExitCodesMean(String command) {
    shell.ringside((command + " --help").split(" "));

    assertThat(shell.out()).contains("Exit codes: 0 ");
  }

  @Test
  void saysItsVersion() {
    int code = shell.ringside("--version");

    assertThat(code).isZero();
    assertThat(shell.out()).startsWith("ringside ");
  }

  @Test
  void namesTheNearestCommandOrOption() {
    int code = shell.ringside("run", "--reciever", "alpha");

    assertThat(code).isEqualTo(2);
    assertThat(shell.err())
        .contains("--reciever")
        .contains("`ringside run --help` says what is allowed.");
  }

  @Test
  void listsReceivers() {
    int code = shell.ringside("receivers");

    assertThat(code).isZero();
    assertThat(shell.out())
        .isEqualTo("alpha  things that happen in tests\nbeta   things that happen in tests\n");
  }

  @Test
  void showsAReceiversOptionsWithTypeDefaultAndMeaning() {
    int code = shell.ringside("receivers", "alpha");

    assertThat(code).isZero();
    assertThat(shell.out().lines())
        .anyMatch(l -> l.matches("  ring_bytes +bytes +default 64KiB +Size of the ring"))
        .anyMatch(
            l -> l.matches("  min_duration +duration +default 0s +Only events longer than this"))
        .anyMatch(l -> l.matches("  loudness +very_quiet\\|loud +default very_quiet"));
  }

  @Test
  void namesTheNearestReceiver() {
    int code = shell.ringside("receivers", "alhpa");

    assertThat(code).isEqualTo(2);
    assertThat(shell.err()).contains("no such receiver; did you mean alpha?");
  }

  @Test
  void coloursOnlyATerminal() {
    shell.ringside("receivers");
    assertThat(shell.out()).doesNotContain("\u001b");

    shell.isTerminal = true;
    shell.ringside("receivers");
    assertThat(shell.out()).contains("\u001b[1malpha");
  }

  @Test
  void honoursNoColor() {
    shell.isTerminal = true;
    shell.environment.put("NO_COLOR", "1");

    shell.ringside("receivers");

    assertThat(shell.out()).doesNotContain("\u001b");
  }
}
