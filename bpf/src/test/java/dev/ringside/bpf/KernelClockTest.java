package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// A clock that is set, which on the machine that runs the tests nobody may do.
class KernelClockTest {
  private static final long SECOND = 1_000_000_000;
  private static final long HOUR = 3600 * SECOND;

  private final SetClocks clocks = new SetClocks();
  private final KernelClock clock = new KernelClock(clocks);

  @Test
  void followsTheClockWhenItIsSet() {
    long before = clocks.pass(SECOND);
    assertThat(clock.unixNanos(before)).isEqualTo(before);

    clocks.wallMinusBoot += HOUR;
    long after = clocks.pass(SECOND / 50);

    assertThat(clock.unixNanos(after)).isEqualTo(after + HOUR);
    assertThat(clock.processCreation(0)).isEqualTo(3600_000_000_000L);
  }

  @Test
  void keepsTheOldTimeForWhatHappenedBefore() {
    long before = clocks.pass(SECOND);
    clock.unixNanos(before);

    clocks.wallMinusBoot -= HOUR;
    clock.unixNanos(clocks.pass(SECOND));
    clock.unixNanos(clocks.pass(SECOND)); // measured again, and again no change

    assertThat(clock.unixNanos(before)).isEqualTo(before);
  }

  /// The wall clock begins with the machine.
  private static final class SetClocks implements SystemClocks {
    long boot;
    long wallMinusBoot;

    long pass(long ns) {
      return boot += ns;
    }

    @Override
    public long bootNs() {
      return boot;
    }

    @Override
    public long wallNs() {
      return boot + wallMinusBoot;
    }

    @Override
    public long bootSecond() {
      return wallMinusBoot / SECOND;
    }
  }
}
