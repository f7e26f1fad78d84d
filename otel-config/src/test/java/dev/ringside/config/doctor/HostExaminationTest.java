package dev.ringside.config.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostExaminationTest {
  @Test
  void namesCapabilitiesAsTheirManualDoes() {
    var names = HostExamination.capabilityNames(1L << 39 | 1L << 38 | 1L << 21 | 1L);

    assertThat(names).containsExactly("CAP_CHOWN", "CAP_SYS_ADMIN", "CAP_PERFMON", "CAP_BPF");
  }

  @Test
  void noticesATimeNamespace() {
    assertThat(HostExamination.isShifted("monotonic           0         0\nboottime  0  0"))
        .isFalse();
    assertThat(HostExamination.isShifted("monotonic  0  0\nboottime  86400  0")).isTrue();
    assertThat(HostExamination.isShifted("")).isFalse();
  }
}
