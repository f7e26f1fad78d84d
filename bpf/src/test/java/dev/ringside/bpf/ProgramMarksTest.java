package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringside.bpf.KernelFunction.Returned;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Instructions are written as `struct bpf_insn` has them: code, registers, offset, immediate.
class ProgramMarksTest {
  private static final long NUMBER = instruction(0xb7, 0x09, 0, 0x46756e63);
  private static final long RESULT = instruction(0xb7, 0x02, 0, 0x52657375);
  private static final long COOKIE = instruction(0xb7, 0x00, 0, 0x5365436f);
  private static final long FRAME_TAKE = instruction(0xb7, 0x00, 0, 0x46726154);
  private static final long LOAD = instruction(0x79, 0x17, 32, 0);
  private static final long NEGATE = instruction(0x87, 0x07, 0, 0);
  private static final long JUMP_TO_NEXT = instruction(0x05, 0, 0, 0);

  @Test
  void putsTheNumberInAndTakesItsMaskOut() {
    var program = program(NUMBER, instruction(0x57, 0x09, 0, 4095));

    fit(program, Returned.NOTHING, 12);

    assertThat(program.toArray(ValueLayout.JAVA_LONG))
        .containsExactly(instruction(0xb7, 0x09, 0, 12), JUMP_TO_NEXT);
  }

  @ParameterizedTest
  @CsvSource({
    "POINTER, 79, 87, 87",
    "SIGNED_32, 79, 67, c7",
    "SIGNED_64, 79, 5, 5",
    "BOOL, 79, 5, 5",
    "NOTHING, b7, 5, 5"
  })
  void readsAResultAsItsKindWantsIt(Returned returned, String load, String first, String second) {
    var program = program(RESULT, LOAD, NEGATE, NEGATE);

    fit(program, returned, 0);

    assertThat(codes(program)).containsExactly("5", load, first, second);
  }

  @Test
  void readsAResultFromBehindTheArguments() {
    var program = program(RESULT, LOAD, NEGATE, NEGATE);

    fit(program, Returned.SIGNED_64, 0);

    assertThat(program.getAtIndex(ValueLayout.JAVA_LONG, 1))
        .isEqualTo(instruction(0x79, 0x17, 16, 0));
  }

  @Test
  void callsTheKernelInsteadOfTakingThePatternsCookie() {
    var program = program(COOKIE, instruction(0x18, 0x10, 0, 3), 0);

    fit(program, Returned.NOTHING, 0);

    assertThat(program.toArray(ValueLayout.JAVA_LONG))
        .containsExactly(instruction(0x85, 0x20, 0, 71), JUMP_TO_NEXT, JUMP_TO_NEXT);
  }

  @Test
  void takesAFrameByAnExchangeWithWhatIsExpectedThere() {
    var program = program(FRAME_TAKE, instruction(0x7b, 0x38, 8, 0));

    fit(program, true);

    assertThat(program.toArray(ValueLayout.JAVA_LONG))
        .containsExactly(instruction(0xb7, 0, 0, 0), instruction(0xdb, 0x38, 0, 0xf1));
  }

  @Test
  void takesNoFrameWhereThereAreNoExchanges() {
    var program = program(FRAME_TAKE, instruction(0x7b, 0x38, 8, 0));

    fit(program, false);

    assertThat(program.toArray(ValueLayout.JAVA_LONG)).containsExactly(FRAME_TAKE, JUMP_TO_NEXT);
  }

  @Test
  void refusesAMarkWithoutWhatBelongsToIt() {
    var program = program(NUMBER, LOAD);

    assertThatThrownBy(() -> fit(program, Returned.NOTHING, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  private static void fit(MemorySegment program, Returned returned, int number) {
    fit(program, returned, number, true);
  }

  private static void fit(MemorySegment program, boolean exchanges) {
    fit(program, Returned.NOTHING, 0, exchanges);
  }

  private static void fit(MemorySegment program, Returned returned, int number, boolean exchanges) {
    var function = new KernelFunction("ovl_open", "", 1, 2, returned);
    new ProgramMarks(program).fit(function, number, new SessionCalls(70, 71), exchanges);
  }

  private static MemorySegment program(long... instructions) {
    return Arena.ofAuto().allocateFrom(ValueLayout.JAVA_LONG, instructions);
  }

  private static String[] codes(MemorySegment program) {
    var codes = new String[(int) program.byteSize() / 8];
    for (int i = 0; i < codes.length; i++)
      codes[i] = Integer.toHexString(program.get(ValueLayout.JAVA_BYTE, 8L * i) & 0xff);
    return codes;
  }

  /// As a little-endian machine has it.
  private static long instruction(int code, int registers, int offset, int immediate) {
    return (long) immediate << 32 | offset << 16 | registers << 8 | code;
  }
}
