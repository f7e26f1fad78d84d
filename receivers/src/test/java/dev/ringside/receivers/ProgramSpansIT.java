package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.semconv.Keys;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ProgramSpansIT {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");

  @Test
  void makesASpanUnderItsCaller() throws Exception {
    try (var observation = start()) {
      var environment = Map.of("TRACEPARENT", "00-" + TRACE + "-" + SPAN + "-01");
      var said = Calls.run(cgroup, "pid exit 2", environment);

      var telemetry = observation.end();
      assertThat(telemetry.events).isEmpty();
      assertThat(telemetry.spans).hasSize(1);
      var span = telemetry.spans.getFirst();
      assertThat(span.name()).isEqualTo("calls");
      assertThat(span.parent().getTraceId()).isEqualTo(TRACE);
      assertThat(span.parent().getSpanId()).isEqualTo(SPAN);
      assertThat(span.error()).isEqualTo("2");
      assertThat(span.get(Keys.PROCESS_PID)).isEqualTo(Long.parseLong(said.getFirst()));
      assertThat(span.end()).isGreaterThan(span.start());
    }
  }

  @Test
  void makesASpanOfEachProgram() throws Exception {
    String script = "i=0; while [ $i -lt 100 ]; do /bin/true; i=$((i+1)); done";
    try (var observation = start()) {
      Calls.command(cgroup.enter(List.of("/bin/sh", "-c", script)), Map.of());

      var spans = observation.end().spans;
      assertThat(spans).filteredOn(s -> s.name().equals("true")).hasSize(100);
      assertThat(spans).hasSize(101).allMatch(s -> !s.parent().isValid() && s.error() == null);
    }
  }

  private Observation start() {
    var options =
        new ProcessExecOptions(0, -1, cgroup.path(), "", false, true, true, List.of(), 1 << 20);
    return Observation.start(new ProcessExecType(), options);
  }
}
