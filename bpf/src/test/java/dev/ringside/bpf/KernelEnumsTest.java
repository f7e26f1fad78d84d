package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class KernelEnumsTest {
  private final BtfBytes btf = new BtfBytes();

  @Test
  void knowsEachValueByItsName() {
    btf.number("int", 4, 1);
    btf.names("other", "NOTHING", "SOMETHING");
    btf.names(
        "skb_drop_reason", "SKB_NOT_DROPPED_YET", "SKB_CONSUMED", "SKB_DROP_REASON_NO_SOCKET");

    var enums = read("skb_drop_reason", "other");

    assertThat(enums.valuesOf("skb_drop_reason"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(0L, "SKB_NOT_DROPPED_YET", 1L, "SKB_CONSUMED", 2L, "SKB_DROP_REASON_NO_SOCKET"));
    assertThat(enums.valuesOf("other")).hasSize(2);
  }

  @Test
  void hasNoValuesOfAnEnumThatTheKernelHasNot() {
    btf.struct("skb_drop_reason", 8);

    var enums = read("skb_drop_reason");

    assertThat(enums.valuesOf("skb_drop_reason")).isEmpty();
  }

  @Test
  void hasNoValuesWhereNobodyMayReadTypes() {
    var enums = KernelEnums.of(Optional::empty, "skb_drop_reason");

    assertThat(enums.valuesOf("skb_drop_reason")).isEmpty();
  }

  @Test
  void readsTypesOnceAndNotBeforeSomebodyAsks() {
    btf.names("first", "ONE");
    btf.names("second", "TWO");
    var types = types();
    var readings = new AtomicInteger();
    var enums =
        KernelEnums.of(
            () -> {
              readings.incrementAndGet();
              return types;
            },
            "first",
            "second");

    int before = readings.get();
    enums.valuesOf("first");
    enums.valuesOf("second");

    assertThat(before).isZero();
    assertThat(readings).hasValue(1);
  }

  @Test
  void hasNoValuesWhereTypesAreBroken() {
    Supplier<Optional<BtfTypes>> broken =
        () -> {
          throw new BpfException("it ends too early", 0);
        };

    var enums = KernelEnums.of(broken, "skb_drop_reason");

    assertThat(enums.valuesOf("skb_drop_reason")).isEmpty();
  }

  private KernelEnums read(String... names) {
    var types = types();
    return KernelEnums.of(() -> types, names);
  }

  private Optional<BtfTypes> types() {
    return Optional.of(new BtfTypes(btf.segment(), "a test", "", Optional.empty()));
  }
}
