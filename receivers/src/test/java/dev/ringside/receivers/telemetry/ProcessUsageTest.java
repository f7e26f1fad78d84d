package dev.ringside.receivers.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessUsageTest {

  @Test
  void readsTheFieldsBehindACommandWithBlanksAndParentheses() {
    var stat = "7 (a) b (c) S 1 7 7 0 -1 4194560 1 2 3 4 150 25 0 0 20 0 17 0 123 1 2 3\n";
    var status = "Name:\ta) b (c\nVmSize:\t   99999 kB\nVmRSS:\t   61440 kB\n";

    var usage = ProcessUsage.parse(stat, status);

    assertThat(usage).isEqualTo(new ProcessUsage(1.5, 0.25, 61_440 * 1024));
  }

  @Test
  void readsThisProcess() {
    var usage = ProcessUsage.read().orElseThrow();

    assertThat(usage.userSeconds() + usage.systemSeconds()).isPositive();
    assertThat(usage.residentBytes()).isGreaterThan(1024 * 1024);
  }
}
