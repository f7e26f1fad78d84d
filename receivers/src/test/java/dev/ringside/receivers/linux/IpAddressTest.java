package dev.ringside.receivers.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

  /// The examples of RFC 5952.
  @ParameterizedTest
  @CsvSource({
    "10.1.2.80, 10.1.2.80",
    "255.255.255.255, 255.255.255.255",
    "::ffff:10.1.2.80, 10.1.2.80",
    "2001:0db8::0001, 2001:db8::1",
    "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:DB8::AB, 2001:db8::ab",
    "0:0:0:0:0:0:0:0, ::",
    "::1, ::1",
    "fe80::, fe80::",
  })
  void isWrittenAsEverybodyWritesIt(String address, String written) {
    assertThat(IpNetwork.parse(address).address()).hasToString(written);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.1.2, 11.0.0.0",
    "10.1.2.80, 10.1.2.80, 10.1.2.81",
    "10.1.2.64/27, 10.1.2.95, 10.1.2.96",
    "0.0.0.0/0, 8.8.8.8, ::1",
    "fd00::/8, fdff::1, fe00::1",
    "2001:db8::/33, 2001:db8:7fff::, 2001:db8:8000::",
  })
  void aNetworkHasWhatBeginsLikeIt(String network, String inside, String outside) {
    var parsed = IpNetwork.parse(network);

    assertThat(has(parsed, inside)).isTrue();
    assertThat(has(parsed, outside)).isFalse();
  }

  @Test
  void allIsBothFamilies() {
    assertThat(has(IpNetwork.ALL, "10.1.2.3")).isTrue();
    assertThat(has(IpNetwork.ALL, "fd00::1")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example.org",
        "10.1",
        "10.0.0.0/33",
        "::/129",
        "10.0.0.0/",
        "/8",
        "1.2.3.4.5",
        ""
      })
  void refusesWhatIsNeither(String text) {
    assertThatThrownBy(() -> IpNetwork.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + text + "'; an address such as");
  }

  private static boolean has(IpNetwork network, String address) {
    var asked = IpNetwork.parse(address).address();
    return (asked.high() & network.mask().high()) == network.address().high()
        && (asked.low() & network.mask().low()) == network.address().low();
  }
}
