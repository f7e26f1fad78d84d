package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class TextTest {
  @Test
  void showsBytesThatAreNotUtf8() {
    var latin1 = new Text(HexFormat.of().parseHex("6361 66e9 2e74 7874".replace(" ", "")), false);

    assertThat(latin1).hasToString("caf\\xe9.txt");
  }

  @Test
  void keepsUtf8() {
    var name = new Text("žlutý 🐎".getBytes(StandardCharsets.UTF_8), false);

    assertThat(name).hasToString("žlutý 🐎");
  }

  @Test
  void showsACharacterThatIsCutInTheMiddle() {
    var bytes = "ab€".getBytes(StandardCharsets.UTF_8);
    var cut = new Text(java.util.Arrays.copyOf(bytes, 4), true);

    assertThat(cut).hasToString("ab\\xe2\\x82");
  }

  @Test
  void tellsApartNamesThatDifferInOneBadByte() {
    assertThat(new Text(new byte[] {(byte) 0xff}, false).toString())
        .isNotEqualTo(new Text(new byte[] {(byte) 0xfe}, false).toString());
  }

  @Test
  void splitsAnArgumentVector() {
    var args = Text.of("ls\0-l\0\0/tmp\0");

    assertThat(args.split()).containsExactly("ls", "-l", "", "/tmp");
  }

  @Test
  void keepsALastPartWithoutItsNul() {
    assertThat(Text.of("ls\0/tm").split()).containsExactly("ls", "/tm");
  }
}
