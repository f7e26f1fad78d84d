package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.bpf.Histogram;
import dev.ringside.receivers.UserFunctionLatencyOptions.Mechanism;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Static probes (USDT) of a program.
class UserStaticProbesIT {
  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");

  @ParameterizedTest
  @EnumSource
  void measuresFromOneStaticProbeToTheOther(Mechanism mechanism) throws Exception {
    var functions = observe(mechanism, "work 4 2000 nap 1 1", "functions:work");

    assertThat(functions).containsOnlyKeys("functions:work");
    assertThat(functions.get("functions:work").count()).isEqualTo(4);
    assertThat(functions.get("functions:work").minNs()).isGreaterThanOrEqualTo(2_000_000);
  }

  @ParameterizedTest
  @EnumSource
  void switchesOnStaticProbesThatWaitForIt(Mechanism mechanism) throws Exception {
    var functions = observe(mechanism, "guarded 3 1000", "functions:guarded__begin");

    assertThat(functions.get("functions:guarded").count()).isEqualTo(3);
  }

  private Map<String, Histogram> observe(Mechanism mechanism, String words, String... probes)
      throws Exception {
    var options =
        UserFunctionLatencyOptionsBuilder.watching(UserFunctionLatencyReceiverIT.in(probes))
            .in(cgroup)
            .by(mechanism);
    try (var observation = UserFunctionLatencyReceiverIT.start(options)) {
      assertThat(UserFunctionLatencyReceiverIT.PROGRAM.run(cgroup, words)).endsWith("0");
      return UserFunctionLatencyReceiverIT.histograms(observation.end());
    }
  }
}
