package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class KernelClockIT {
  private final KernelClock clock = KernelClock.start();

  @Test
  void turnsTheBootTimeOfNowIntoNow() {
    var before = Instant.now();
    long ns = clock.unixNanos(KernelClock.bootTimeNs());
    var after = Instant.now();

    var then = Instant.ofEpochSecond(ns / 1_000_000_000, ns % 1_000_000_000);
    assertThat(then).isBetween(before.minusMillis(5), after.plusMillis(5));
  }

  @Test
  void computesAProcessCreationAsTheJdkDoes() throws Exception {
    var stat = Files.readString(Path.of("/proc/self/stat"));
    long ticks = Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
    // Any nanosecond within the tick is the same creation time.
    long startNs = ticks * 10_000_000 + 9_999_999;

    var creation = Instant.EPOCH.plusNanos(clock.processCreation(startNs));

    assertThat(creation)
        .isCloseTo(
            ProcessHandle.current().info().startInstant().orElseThrow(),
            within(1, ChronoUnit.SECONDS));
    assertThat(creation.getNano() % 10_000_000).isZero();
  }
}
