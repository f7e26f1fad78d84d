package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringside.bpf.KernelFunction.Returned;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FunctionTypesTest {
  private static final int SIGNED = 1;
  private static final int BOOL = 4;

  private final BtfBytes btf = new BtfBytes();

  @Test
  void saysWhatAFunctionReturnsUnderneathItsTypedefs() {
    int number = btf.number("int", 4, SIGNED);
    int wide = btf.number("long", 8, SIGNED);
    int unsigned = btf.number("unsigned int", 4, 0);
    btf.function("nothing", 0);
    btf.function("number", number);
    btf.function("wide", btf.alias("ssize_t", btf.alias("__kernel_ssize_t", wide)));
    btf.function("unsigned", btf.alias("vm_fault_t", unsigned));
    btf.function("unsigned_wide", btf.constant(btf.number("unsigned long", 8, 0)));
    btf.function("truth", btf.alias("bool", btf.number("_Bool", 1, BOOL)));
    btf.function("pointer", btf.pointer(btf.struct("file", 256)));

    var types = read(btf);

    assertThat(returned(types, "nothing")).isEqualTo(Returned.NOTHING);
    assertThat(returned(types, "number")).isEqualTo(Returned.SIGNED_32);
    assertThat(returned(types, "wide")).isEqualTo(Returned.SIGNED_64);
    assertThat(returned(types, "unsigned")).isEqualTo(Returned.UNSIGNED_32);
    assertThat(returned(types, "unsigned_wide")).isEqualTo(Returned.UNSIGNED_64);
    assertThat(returned(types, "truth")).isEqualTo(Returned.BOOL);
    assertThat(returned(types, "pointer")).isEqualTo(Returned.POINTER);
  }

  @Test
  void takesNarrowNumbersByTheirSign() {
    btf.function("short", btf.number("short", 2, SIGNED));
    btf.function("byte", btf.alias("u8", btf.number("unsigned char", 1, 0)));

    var types = read(btf);

    assertThat(returned(types, "short")).isEqualTo(Returned.SIGNED_32);
    assertThat(returned(types, "byte")).isEqualTo(Returned.UNSIGNED_32);
  }

  @Test
  void takesAnEnumWithANegativeValueForSigned() {
    btf.function("xmit", btf.alias("netdev_tx_t", btf.enumeration("netdev_tx", -1, 0, 16)));
    btf.function("verdict", btf.enumeration("hrtimer_restart", 0, 1));

    var types = read(btf);

    assertThat(returned(types, "xmit")).isEqualTo(Returned.SIGNED_32);
    assertThat(returned(types, "verdict")).isEqualTo(Returned.UNSIGNED_32);
  }

  @Test
  void countsTheWordsThatArgumentsTake() {
    int number = btf.number("int", 4, SIGNED);
    int pointer = btf.pointer(0);
    int kuid = btf.struct("kuid_t", 4);
    int sockptr = btf.struct("sockptr_t", 16);
    int id = btf.function("f", number, pointer, number, kuid, sockptr);

    var function = read(btf).function("f", "");

    assertThat(function).isEqualTo(new KernelFunction("f", "", id, 5, Returned.SIGNED_32));
  }

  @Test
  void leavesToKprobesWhatTrampolinesCannotTake() {
    int number = btf.number("int", 4, SIGNED);
    int large = btf.struct("large", 24);
    btf.function("variadic", number, btf.pointer(number), 0);
    btf.function("large", number, large);
    btf.function("returns_struct", btf.struct("timespec64", 16));
    var many = new int[13];
    Arrays.fill(many, number);
    btf.function("many", number, many);

    var types = read(btf);

    assertThat(types.function("variadic", ""))
        .isEqualTo(new KernelFunction("variadic", "", 0, 0, Returned.SIGNED_32));
    assertThat(types.function("large", "").typeId()).isZero();
    assertThat(types.function("many", "").typeId()).isZero();
    assertThat(types.function("returns_struct", ""))
        .isEqualTo(new KernelFunction("returns_struct", "", 0, 0, Returned.UNKNOWN));
  }

  @Test
  void doesNotChooseBetweenTypesOfOneName() {
    int number = btf.number("int", 4, SIGNED);
    int first = btf.function("alike", number, number);
    btf.function("alike", number, number);
    btf.function("unlike", number, number);
    btf.function("unlike", number, number, number);

    var types = read(btf);

    assertThat(types.function("alike", "").typeId()).isEqualTo(first);
    assertThat(types.function("unlike", "").typeId()).isZero();
  }

  @Test
  void goesOnInAModuleWhereTheKernelEnds() {
    int number = btf.number("int", 4, SIGNED);
    btf.function("in_kernel", number);
    var module = new BtfBytes(btf);
    int id = module.function("in_module", number, module.pointer(module.struct("own", 8)));

    var kernel = read(btf);
    var types = new FunctionTypes(types(module.segment(), Optional.of(kernel.types())));

    assertThat(types.has("in_kernel")).isFalse();
    assertThat(types.function("in_module", "m"))
        .isEqualTo(new KernelFunction("in_module", "m", id, 1, Returned.SIGNED_32));
  }

  @Test
  void refusesWhatIsNoBtf() {
    var text = MemorySegment.ofArray("neither is this, of 24 bytes and more".getBytes());

    assertThatThrownBy(() -> types(text, Optional.empty()))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("it does not begin as BTF does")
        .hasMessageContaining("it was read from");
    assertThatThrownBy(() -> types(text.asSlice(0, 20), Optional.empty()))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("it ends too early");
  }

  @Test
  void refusesTypesThatEndTooEarly() {
    btf.function("f", btf.number("int", 4, SIGNED));
    var bytes = btf.bytes();
    // The last type is said to have 9 members.
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.nativeOrder())
        .putInt(24 + 4 * (4 + 3 + 1), BtfTypes.STRUCT << 24 | 9);

    assertThatThrownBy(() -> types(MemorySegment.ofArray(bytes), Optional.empty()))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("type 3 ends behind the last one");
  }

  @Test
  void refusesATypeThatStandsForItself() {
    btf.function("f", btf.alias("loop", 1));
    var types = read(btf);

    assertThatThrownBy(() -> types.function("f", ""))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("type 1 stands for itself");
  }

  private static Returned returned(FunctionTypes types, String name) {
    return types.function(name, "").returned();
  }

  private static FunctionTypes read(BtfBytes btf) {
    return new FunctionTypes(types(btf.segment(), Optional.empty()));
  }

  private static BtfTypes types(MemorySegment raw, Optional<BtfTypes> base) {
    return new BtfTypes(raw, "a test", "it was read from a test", base);
  }
}
