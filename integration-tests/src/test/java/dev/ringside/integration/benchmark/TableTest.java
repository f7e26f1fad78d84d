package dev.ringside.integration.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void putsFiguresAtTheRight() {
    var table =
        Table.of("Observer", "CPU, s", "Records").row("Ringside", Spread.of(1, 2, 3), 1_500_000L);

    assertThat(table.markdown())
        .isEqualTo(
            """
            | Observer | CPU, s | Records |
            |---|---:|---:|
            | Ringside | 2 (1 – 3) | 1 500 000 |
            """);
  }

  @Test
  void keepsTextInItsCell() {
    var table = Table.of("Observer").row("a|b\nc");

    assertThat(table.markdown()).endsWith("| a\\|b c |\n");
  }

  @Test
  void refusesARowThatDoesNotFit() {
    var table = Table.of("Observer", "CPU, s");

    assertThatThrownBy(() -> table.row("Ringside")).hasMessageContaining("[Observer, CPU, s]");
  }
}
