package dev.ringside.config.tree;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void showsControlCharactersInsteadOfSendingThem() {
    var safe = Printable.of("a\u001b[2Jb\u0007\r\n\tc\u009b");

    assertThat(safe).isEqualTo("a\\x1b[2Jb\\x07\\r\\n\\tc\\x9b");
  }

  @Test
  void showsCharactersThatReorderOrHideText() {
    var safe = Printable.of("evil\u202egnp.exe\u200b");

    assertThat(safe).isEqualTo("evil\\u202egnp.exe\\u200b");
  }

  @Test
  void leavesTextOfAllLanguagesAlone() {
    var text = "Grüße, 世界, 👩 and é";

    assertThat(Printable.of(text)).isEqualTo(text);
  }

  @Test
  void showsHalfOfASurrogatePair() {
    var safe = Printable.of("x\ud83d");

    assertThat(safe).isEqualTo("x\\ud83d");
  }
}
