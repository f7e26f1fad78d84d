package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultFilterTest {
  @Test
  void readsComparisonsAndRanges() {
    assertThat(ResultFilter.of("<0")).isEqualTo(new ResultFilter(Long.MIN_VALUE, -1, false));
    assertThat(ResultFilter.of("<= 0")).isEqualTo(new ResultFilter(Long.MIN_VALUE, 0, false));
    assertThat(ResultFilter.of(">0")).isEqualTo(new ResultFilter(1, Long.MAX_VALUE, false));
    assertThat(ResultFilter.of(">=-1")).isEqualTo(new ResultFilter(-1, Long.MAX_VALUE, false));
    assertThat(ResultFilter.of("-11")).isEqualTo(new ResultFilter(-11, -11, false));
    assertThat(ResultFilter.of("=5")).isEqualTo(new ResultFilter(5, 5, false));
    assertThat(ResultFilter.of("!=0")).isEqualTo(new ResultFilter(0, 0, true));
    assertThat(ResultFilter.of("1..10")).isEqualTo(new ResultFilter(1, 10, false));
    assertThat(ResultFilter.of("")).isEqualTo(ResultFilter.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ENOENT", "<", "1..", "10..1", "0x10", "99999999999999999999"})
  void refusesWhatIsNeither(String text) {
    assertThatThrownBy(() -> ResultFilter.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("result: ");
  }
}
