package dev.ringside.config.fake;

import dev.ringside.receivers.Receiver;
import dev.ringside.receivers.ReceiverType;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Reports each number that comes out of its ring as the exec of a process with that id, and counts
/// seven execs.
public record FakeReceiver(String name, boolean runsByDefault)
    implements ReceiverType<FakeOptions> {

  public FakeReceiver(String name) {
    this(name, true);
  }

  /// What the ring carries.
  public record Happening(int pid) {}

  @Override
  public String summary() {
    return "things that happen in tests";
  }

  @Override
  public FakeOptions defaults() {
    return FakeOptions.DEFAULT;
  }

  @Override
  public FakeOptions forLooking() {
    return new FakeOptions(
        true,
        3,
        65_536,
        0.5,
        "",
        Duration.ZERO,
        FakeOptions.Loudness.VERY_QUIET,
        List.of(),
        List.of(),
        Map.of());
  }

  @Override
  public Receiver create(FakeOptions options) {
    if (options.onlyCommand().length() > 15)
      throw new IllegalArgumentException("only_command: a command has at most 15 bytes");
    return (probe, telemetry) -> {
      probe.onEvent(
          "happenings",
          Happening.class,
          happening -> {
            if (happening.pid() < 0) throw new IllegalStateException("no such pid");
            telemetry
                .event(Events.PROCESS_EXEC)
                .at(1_000_000_000L)
                .set(Keys.PROCESS_PID, (long) happening.pid())
                .set(Keys.PROCESS_EXECUTABLE_PATH, "/usr/bin/fake")
                .emit();
          });
      telemetry.counter(Metrics.PROCESS_EXECS, points -> points.add(Attributes.empty(), 7));
    };
  }
}
