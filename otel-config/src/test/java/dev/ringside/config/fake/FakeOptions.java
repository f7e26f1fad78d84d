package dev.ringside.config.fake;

import dev.ringside.receivers.Option;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// One option of each type.
public record FakeOptions(
    @Option("Report each event") boolean events,
    @Option(value = "How many", min = 1, max = 10) int count,
    @Option(value = "Size of the ring", min = 4096) long ringBytes,
    double ratio,
    @Option("Only this command") String onlyCommand,
    @Option("Only events longer than this") Duration minDuration,
    Loudness loudness,
    List<Loudness> steps,
    List<String> paths,
    Map<String, List<String>> fields) {

  public enum Loudness {
    VERY_QUIET,
    LOUD
  }

  public static final FakeOptions DEFAULT =
      new FakeOptions(
          false,
          3,
          65_536,
          0.5,
          "",
          Duration.ZERO,
          Loudness.VERY_QUIET,
          List.of(Loudness.LOUD),
          List.of(),
          Map.of());
}
