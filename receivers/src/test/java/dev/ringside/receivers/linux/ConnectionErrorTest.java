package dev.ringside.receivers.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionErrorTest {

  @ParameterizedTest
  @CsvSource({
    "0,",
    "111, connection_refused",
    "104, connection_reset",
    "32, connection_reset",
    "110, timed_out",
    "113, host_unreachable",
    "101, network_unreachable",
    "99, address_not_available",
    "13, access_denied",
    "1, access_denied",
    "103, connection_aborted",
    "22, _OTHER",
    "4000, _OTHER",
  })
  void saysWhyInFewWords(int errno, String type) {
    assertThat(ConnectionError.type(errno)).isEqualTo(type);
  }
}
