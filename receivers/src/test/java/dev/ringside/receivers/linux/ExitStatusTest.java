package dev.ringside.receivers.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExitStatusTest {

  @Test
  void successHasNoErrorType() {
    var status = new ExitStatus(0);

    assertThat(status.code()).isZero();
    assertThat(status.signalName()).isNull();
    assertThat(status.errorType()).isNull();
  }

  @Test
  void anExitCodeIsItsOwnErrorType() {
    var status = new ExitStatus(127 << 8);

    assertThat(status.code()).isEqualTo(127);
    assertThat(status.signalName()).isNull();
    assertThat(status.errorType()).isEqualTo("127");
  }

  @Test
  void aSignalGivesTheCodeThatShellsReport() {
    var status = new ExitStatus(9);

    assertThat(status.code()).isEqualTo(137);
    assertThat(status.signalName()).isEqualTo("SIGKILL");
    assertThat(status.errorType()).isEqualTo("SIGKILL");
  }

  @Test
  void aCoreDumpIsNoPartOfTheSignal() {
    var status = new ExitStatus(11 | 0x80);

    assertThat(status.signalName()).isEqualTo("SIGSEGV");
    assertThat(status.dumpedCore()).isTrue();
  }

  @Test
  void exitCode255IsNotNegative() {
    assertThat(new ExitStatus(255 << 8).code()).isEqualTo(255);
  }
}
