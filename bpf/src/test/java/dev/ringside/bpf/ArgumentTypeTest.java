package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.bpf.ArgumentType.Named;
import dev.ringside.bpf.ArgumentType.Whole;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArgumentTypeTest {
  /// What was there before is behind what was read.
  private static final long RUBBISH = 0xabab_abab_0000_0000L;

  @Test
  void takesWhatBelongsToANumberAndNothingElse() {
    assertThat(new Whole(0, 32, true, false).of(RUBBISH | 0xffff_fff7L)).isEqualTo(-9);
    assertThat(new Whole(0, 32, false, false).of(RUBBISH | 0xffff_fff7L)).isEqualTo(4294967287L);
    assertThat(new Whole(0, 64, true, false).of(-9)).isEqualTo(-9);
    assertThat(new Whole(0, 64, false, false).of(4096)).isEqualTo(4096);
  }

  @Test
  void takesABitFieldFromTheMiddleOfAByte() {
    assertThat(new Whole(4, 4, false, false).of(RUBBISH | 0x97)).isEqualTo(9);
    assertThat(new Whole(4, 4, true, false).of(RUBBISH | 0x97)).isEqualTo(-7);
  }

  @Test
  void turnsWhatTheNetworkWroteIntoTheOrderOfTheMachine() {
    assertThat(new Whole(0, 16, false, true).of(RUBBISH | 0xbb01)).isEqualTo(443);
    assertThat(new Whole(0, 32, false, true).of(RUBBISH | 0x0100_007f)).isEqualTo(0x7f00_0001);
  }

  @Test
  void saysTheNumberWhereAnEnumHasNoNameForIt() {
    var state = new Named(new Whole(0, 32, true, false), Map.of(1L, "OPEN", -1L, "GONE"));

    assertThat(state.of(1)).isEqualTo("OPEN");
    assertThat(state.of(0xffff_ffffL)).isEqualTo("GONE");
    assertThat(state.of(6)).isEqualTo("6");
  }
}
