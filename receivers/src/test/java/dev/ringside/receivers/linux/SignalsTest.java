package dev.ringside.receivers.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignalsTest {

  @ParameterizedTest
  @CsvSource({
    "1,SIGHUP",
    "6,SIGABRT",
    "9,SIGKILL",
    "11,SIGSEGV",
    "15,SIGTERM",
    "16,SIGSTKFLT",
    "31,SIGSYS",
    "32,SIG32",
    "33,SIG33",
    "34,SIGRTMIN",
    "36,SIGRTMIN+2",
    "64,SIGRTMIN+30"
  })
  void namesASignal(int signal, String name) {
    assertThat(Signals.name(signal)).isEqualTo(name);
  }

  @Test
  void hasNoNameForWhatIsNoSignal() {
    assertThat(Signals.name(0)).isNull();
    assertThat(Signals.name(-1)).isNull();
    assertThat(Signals.name(65)).isNull();
  }
}
