package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/// The contract between C structs and Java records, checked without a kernel and without
/// privileges.
class DecoderTest {
  record Inner(int pid, String command) {}

  record Kinds(
      long time,
      long big,
      long wide,
      int error,
      int port,
      int delta,
      int octet,
      boolean flag,
      String name,
      Inner inner,
      Text text,
      Text second) {}

  record Misspelled(long tiem) {}

  record TooNarrow(int big) {}

  record NoText(String text) {}

  private final BpfObject object = TestObjects.open("kinds");

  @Test
  void bindsEveryKindOfField() {
    assertThatCode(() -> object.onEvent("kinds", Kinds.class, e -> {})).doesNotThrowAnyException();
  }

  @Test
  void namesBothSidesOfAFieldThatIsNotThere() {
    assertThatThrownBy(() -> object.onEvent("kinds", Misspelled.class, e -> {}))
        .hasMessageContaining(
            "record Misspelled: struct kinds has no field tiem; it has [time, big,");
  }

  @Test
  void refusesANumberThatDoesNotFit() {
    assertThatThrownBy(() -> object.onEvent("kinds", TooNarrow.class, e -> {}))
        .hasMessageContaining("component of type int does not fit `s64 big` of struct kinds");
  }

  @Test
  void refusesAStringForAText() {
    assertThatThrownBy(() -> object.onEvent("kinds", NoText.class, e -> {}))
        .hasMessageContaining("component of type String does not fit `text text`");
  }

  @Test
  void namesTheRingsThereAre() {
    assertThatThrownBy(() -> object.onEvent("kindz", Kinds.class, e -> {}))
        .hasMessageContaining("no ring kindz in the object; it has [kinds]");
  }

  @Test
  void namesTheConstantsThereAre() {
    assertThatThrownBy(() -> object.set("set_nummer", 1))
        .hasMessageContaining("no `const volatile` set_nummer")
        .hasMessageContaining("set_number");
  }

  @Test
  void refusesAConstantThatDoesNotFit() {
    assertThatThrownBy(() -> object.set("set_number", 1L << 32))
        .hasMessageContaining("4294967296 does not fit `s32 set_number`");
    assertThatThrownBy(() -> object.set("set_name", new byte[9]))
        .hasMessageContaining("9 bytes do not fit");
  }

  @Test
  void namesTheProgramsThereAre() {
    var need = Need.required("something", Way.by("raw_tp").attach("sent"));

    assertThatThrownBy(() -> object.need(need))
        .hasMessageContaining("no program sent in the object; it has [fill, send, send_broken]");
  }

  @Test
  void refusesATableOfSomethingElse() {
    assertThatThrownBy(() -> object.histograms("sums", Inner.class))
        .hasMessageContaining("the values of sums are neither struct histogram nor struct octave");
  }
}
