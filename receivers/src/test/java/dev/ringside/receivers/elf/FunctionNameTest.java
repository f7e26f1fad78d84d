package dev.ringside.receivers.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionNameTest {
  @Test
  void isAFunctionOfALibrary() {
    var name = FunctionName.of("libc:getaddrinfo");

    assertThat(name.isPath()).isFalse();
    assertThat(name.file()).isEqualTo("libc");
    assertThat(name.name()).isEqualTo("getaddrinfo");
    assertThat(name.isPattern()).isFalse();
  }

  @Test
  void isAVersionOfAFunction() {
    var name = FunctionName.of("libc:pthread_cond_wait@@GLIBC_2.3.2");

    assertThat(name.name()).isEqualTo("pthread_cond_wait");
    assertThat(name.version()).isEqualTo("GLIBC_2.3.2");
  }

  @Test
  void isAStaticProbeOfAFile() {
    var name = FunctionName.of(" /usr/lib/libjvm.so:hotspot:gc* ");

    assertThat(name.isPath()).isTrue();
    assertThat(name.isProbe()).isTrue();
    assertThat(name.provider()).isEqualTo("hotspot");
    assertThat(name.isPattern()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "usleep", ":usleep", "libc:", "a:b:c:d", "bin/x:main", "libc:@V"})
  void isNothingElse(String text) {
    assertThatThrownBy(() -> FunctionName.of(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
