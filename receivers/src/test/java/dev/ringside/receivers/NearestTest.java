package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final List<String> KNOWN =
      List.of("min_duration", "only_pid", "only_uid", "events");

  @ParameterizedTest
  @CsvSource({
    "min_duraton,min_duration",
    "min-duration,min_duration",
    "evnets,events",
    "Events,events",
    "only_pdi,only_pid"
  })
  void findsWhatWasProbablyMeant(String wrong, String meant) {
    var nearest = Nearest.to(wrong, KNOWN);

    assertThat(nearest).contains(meant);
  }

  @Test
  void doesNotGuessWhenNothingIsNear() {
    var nearest = Nearest.to("colour", KNOWN);

    assertThat(nearest).isEmpty();
  }
}
