package dev.ringside.integration.thirdparty;

import dev.ringside.bpf.Probe;
import dev.ringside.receivers.Option;
import dev.ringside.receivers.ProcessFilter;
import dev.ringside.receivers.Receiver;
import dev.ringside.receivers.ReceiverType;
import dev.ringside.receivers.telemetry.Telemetry;

/// `fragile`: sees execs, and throws at each of them.
public final class FragileType implements ReceiverType<FragileType.Options> {

  /// Its options.
  public record Options(@Option("Only this cgroup") String cgroup) {}

  /// `struct fragile_start`.
  public record Start(long time) {}

  @Override
  public String name() {
    return "fragile";
  }

  @Override
  public String summary() {
    return "Programs that start, told by somebody who cannot take it";
  }

  @Override
  public Options defaults() {
    return new Options("");
  }

  @Override
  public Receiver create(Options options) {
    return (probe, telemetry) -> bind(probe, telemetry, options);
  }

  private static void bind(Probe probe, Telemetry telemetry, Options options) {
    ProcessFilter.of(0, -1, options.cgroup(), "").apply(probe);
    probe.onEvent(
        "fragile_starts",
        Start.class,
        start -> {
          throw new IllegalStateException("cannot take the start at " + start.time());
        });
  }
}
