package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CapabilitiesTest {
  @Test
  void areNamedAsTheirManualDoes() {
    var capabilities = new Capabilities(1L << 39 | 1L << 38 | 1L << 21 | 1L);

    var names = capabilities.names();

    assertThat(names).containsExactly("CAP_CHOWN", "CAP_SYS_ADMIN", "CAP_PERFMON", "CAP_BPF");
  }

  @Test
  void areNumbersWhereNobodyKnewThemYet() {
    assertThat(new Capabilities(1L << 63).names()).containsExactly("CAP_63");
  }
}
