package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringside.bpf.Histogram;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.MetricType;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Whose calls are whose: by control groups that are named as those of containers are, and by
/// programs.
class CallsByWhomIT {
  private static final CProgram PROGRAM = UserFunctionLatencyReceiverIT.PROGRAM;
  private static final String ONE = "0123456789abcdef".repeat(4);
  private static final String OTHER = "fedcba9876543210".repeat(4);

  @RegisterExtension final OwnCgroup one = OwnCgroup.ofTest("docker-" + ONE + ".scope");
  @RegisterExtension final OwnCgroup other = OwnCgroup.ofTest(OTHER);
  @RegisterExtension final OwnCgroup none = OwnCgroup.ofTest("workload");

  @Test
  void kernelFunctionsByContainer() throws Exception {
    var options =
        FunctionLatencyOptionsBuilder.watching("do_sys_openat2")
            .ofCommand("calls")
            .by(ByWhom.CONTAINER, 10);
    try (var observation = FunctionLatencyReceiverIT.start(options.build())) {
      Calls.run(one, "open / 0 0 ".repeat(3));
      Calls.run(other, "open / 0 0 ".repeat(5));
      Calls.run(none, "open / 0 0 ".repeat(7));

      var calls = calls(observation.end(), Metrics.KERNEL_FUNCTION_DURATION, Keys.CONTAINER_ID);

      assertThat(calls).containsOnly(Map.entry(ONE, 3L), Map.entry(OTHER, 5L), Map.entry("", 7L));
    }
  }

  @Test
  void userFunctionsByContainer() throws Exception {
    try (var observation = UserFunctionLatencyReceiverIT.start(naps().by(ByWhom.CONTAINER, 10))) {
      PROGRAM.run(one, "nap 3 1000");
      PROGRAM.run(other, "nap 5 1000");
      PROGRAM.run(none, "nap 7 1000");

      var calls = calls(observation.end(), Metrics.USER_FUNCTION_DURATION, Keys.CONTAINER_ID);

      assertThat(calls).containsOnly(Map.entry(ONE, 3L), Map.entry(OTHER, 5L), Map.entry("", 7L));
    }
  }

  @Test
  void userFunctionsByExecutableAsLongAsThereIsRoom() throws Exception {
    var path = Path.of(PROGRAM.path());
    var linked = path.resolveSibling("linked-" + ProcessHandle.current().pid());
    Files.createLink(linked, path);
    try (var observation = UserFunctionLatencyReceiverIT.start(naps().by(ByWhom.EXECUTABLE, 1))) {
      PROGRAM.run(one, "nap 3 1000");
      CProgram.command(one.enter(List.of(linked.toString(), "nap", "5", "1000")), Map.of());

      assertThat(executables(observation.end()))
          .containsOnly(Map.entry(path.getFileName().toString(), 3L), Map.entry("overflow", 5L));
    } finally {
      Files.delete(linked);
    }
  }

  @Test
  void roomIsForTheExecutableThatCallsMost() throws Exception {
    var path = Path.of(PROGRAM.path());
    var linked = path.resolveSibling("linked-" + ProcessHandle.current().pid());
    Files.createLink(linked, path);
    try (var observation = UserFunctionLatencyReceiverIT.start(naps().by(ByWhom.EXECUTABLE, 1))) {
      PROGRAM.run(one, "nap 3 1000");
      var made = new AtomicLong();
      var first = new HashMap<String, Long>();
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> {
            CProgram.command(one.enter(List.of(linked.toString(), "nap", "5", "1000")), Map.of());
            made.addAndGet(5);
            var calls = executables(observation.telemetry());
            if (calls.containsKey(linked.getFileName().toString())) return true;
            first.putAll(calls);
            return false;
          });

      var calls = executables(observation.end());

      assertThat(first).containsEntry(path.getFileName().toString(), 3L);
      assertThat(calls).containsOnlyKeys(linked.getFileName().toString(), "overflow");
      assertThat(calls.values().stream().mapToLong(n -> n).sum()).isEqualTo(made.get());
    } finally {
      Files.delete(linked);
    }
  }

  private static Map<String, Long> executables(RecordingTelemetry telemetry) {
    return calls(telemetry, Metrics.USER_FUNCTION_DURATION, Keys.PROCESS_EXECUTABLE_NAME);
  }

  private static UserFunctionLatencyOptionsBuilder naps() throws Exception {
    return UserFunctionLatencyOptionsBuilder.watching(UserFunctionLatencyReceiverIT.in("nap"));
  }

  private static Map<String, Long> calls(
      RecordingTelemetry telemetry, MetricType metric, AttributeKey<String> who) {
    var calls = new HashMap<String, Long>();
    for (Map.Entry<Attributes, Histogram> point : telemetry.histogram(metric)) {
      var attributes = point.getKey();
      var name = attributes.get(CallsByWhom.OVERFLOW) == null ? attributes.get(who) : "overflow";
      calls.merge(name == null ? "" : name, point.getValue().count(), Long::sum);
    }
    return calls;
  }
}
