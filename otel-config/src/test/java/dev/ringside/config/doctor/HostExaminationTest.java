package dev.ringside.config.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostExaminationTest {
  @Test
  void noticesATimeNamespace() {
    assertThat(HostExamination.isShifted("monotonic           0         0\nboottime  0  0"))
        .isFalse();
    assertThat(HostExamination.isShifted("monotonic  0  0\nboottime  86400  0")).isTrue();
    assertThat(HostExamination.isShifted("")).isFalse();
  }
}
