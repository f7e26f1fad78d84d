package dev.ringside.config.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {
  @ParameterizedTest
  @CsvSource({
    "10ms,PT0.01S",
    "2s,PT2S",
    "1.5s,PT1.5S",
    "250,PT0.25S",
    "5 m,PT5M",
    "100ns,PT0.0000001S"
  })
  void readsDurations(String text, Duration duration) {
    assertThat(Quantities.duration(text)).contains(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "-1s", "1.5", "0.1ns", "10 parsecs", "99999999999999h"})
  void refusesWhatIsNoDuration(String text) {
    assertThat(Quantities.duration(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"4096,4096", "64KiB,65536", "1MiB,1048576", "1MB,1000000", "0.5KiB,512"})
  void readsSizes(String text, long bytes) {
    assertThat(Quantities.bytes(text)).hasValue(bytes);
  }

  @ParameterizedTest
  @CsvSource({"PT0S,0s", "PT0.01S,10ms", "PT90S,90s", "PT2M,2m", "PT0.0015S,1500us"})
  void writesDurationsAsTheyAreRead(Duration duration, String text) {
    assertThat(Quantities.showDuration(duration)).isEqualTo(text);
    assertThat(Quantities.duration(text)).contains(duration);
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1000,1000", "65536,64KiB", "1048576,1MiB"})
  void writesSizesAsTheyAreRead(long bytes, String text) {
    assertThat(Quantities.showBytes(bytes)).isEqualTo(text);
    assertThat(Quantities.bytes(text)).hasValue(bytes);
  }
}
