package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
  @ParameterizedTest
  @CsvSource({
    "vfs_*, vfs_read",
    "vfs_*, vfs_",
    "*read*, vfs_readv",
    "tcp_???, tcp_ack",
    "*_x_*_y, a_x_b_x_c_y",
    "*, anything",
    "exact, exact"
  })
  void matches(String glob, String name) {
    assertThat(new Glob(glob).test(name)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"vfs_*, xvfs_read", "tcp_???, tcp_sendmsg", "*_y, a_y_", "a?, a", "exact, exactly"})
  void doesNotMatch(String glob, String name) {
    assertThat(new Glob(glob).test(name)).isFalse();
  }

  @Test
  void knowsWhatAllThatItMatchesBeginWith() {
    assertThat(new Glob("tcp_v?_*").begin()).isEqualTo("tcp_v");
    assertThat(new Glob("*_read").begin()).isEmpty();
  }
}
