package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// A machine that sleeps, which the one that runs the tests does not.
class NanoTimeTest {
  private static final long SECOND = 1_000_000_000;

  private long boot = 100 * SECOND;
  private long slept;
  private long takes;
  private final NanoTime time = new NanoTime(() -> boot += takes, () -> boot - slept);

  @Test
  void isTheBootTimeOfAMachineThatNeverSlept() {
    takes = 300; // what reading a clock takes

    var then = time.of(99 * SECOND);

    assertThat(then).hasValue(99 * SECOND);
  }

  @Test
  void leavesOutHowLongTheMachineSleptBeforeItWasMeasured() {
    slept = 40 * SECOND;
    var afterwards = new NanoTime(() -> boot, () -> boot - slept);

    assertThat(afterwards.of(boot - SECOND)).hasValue(boot - SECOND - slept);
  }

  @Test
  void saysNothingOfWhatWasBeforeASleep() {
    time.of(boot);
    long before = boot;
    boot += 50 * SECOND;
    slept += 49 * SECOND;

    var then = time.of(before);
    boot += SECOND;

    assertThat(then).isEmpty();
    assertThat(time.of(boot)).hasValue(boot - slept);
    assertThat(time.of(before)).isEmpty();
  }

  @Test
  void takesALateAnswerOfAClockForNoSleep() {
    slept = 40 * SECOND;
    var afterwards = new NanoTime(() -> boot += takes, () -> boot - slept);
    takes = 20_000_000; // the thread was interrupted in between

    var then = afterwards.of(99 * SECOND);

    assertThat(then).hasValue(59 * SECOND);
  }

  @Test
  void saysNothingOfTheFuture() {
    assertThat(time.of(boot + SECOND)).isEmpty();
  }
}
