package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LockedMemoryTest {
  @Test
  void saysTheLimitAndHowToRaiseIt() {
    var limits =
        List.of(
            "Limit                     Soft Limit           Hard Limit           Units",
            "Max locked memory         65536                65536                bytes");

    assertThat(LockedMemory.advice(limits))
        .contains("65536 bytes")
        .contains("CAP_SYS_RESOURCE")
        .contains("LimitMEMLOCK=infinity");
  }

  @Test
  void saysNothingWithoutALimit() {
    assertThat(
            LockedMemory.advice(
                List.of(
                    "Max locked memory         unlimited            unlimited            bytes")))
        .isEmpty();
  }

  @Test
  void saysNothingOfOtherRefusals() {
    int enoent = 2;

    assertThat(LockedMemory.advice(enoent)).isEmpty();
  }
}
