package dev.ringside.integration.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void hasTheMiddleOneOfAnOddNumber() {
    var spread = Spread.of(3, 1, 2);

    assertThat(spread).isEqualTo(new Spread(1, 2, 3, 3));
  }

  @Test
  void liesBetweenTheMiddleTwoOfAnEvenNumber() {
    var spread = Spread.of(List.of(4, 1, 2, 8));

    assertThat(spread).isEqualTo(new Spread(1, 3, 8, 4));
  }

  @Test
  void showsMedianLeastAndGreatest() {
    assertThat(Spread.of(0.001234, 12.345, 123456.7)).hasToString("12.3 (0.00123 – 123 457)");
  }

  @Test
  void showsOneNumberWhenNothingVaried() {
    assertThat(Spread.of(1500, 1500)).hasToString("1 500");
  }

  @Test
  void refusesToSpeakOfNothing() {
    assertThatThrownBy(() -> Spread.of()).hasMessageContaining("nothing was measured");
  }
}
