package dev.ringside.integration.agent;

import dev.ringside.integration.otlp.MetricPoint;
import java.util.List;
import java.util.Map;

/// What the agent says of one receiver in its self-telemetry.
///
/// @param lost by reason; reasons for which nothing was lost are left out
record Account(long produced, long exported, Map<String, Long> lost) {

  static Account of(String receiver, List<MetricPoint> points) {
    var own =
        points.stream()
            .filter(p -> receiver.equals(p.attributes().get("ringside.receiver.name")))
            .toList();
    var lost = Latest.of("ringside.receiver.record.lost", own).by("ringside.record.loss.reason");
    lost.values().removeIf(n -> n == 0);
    return new Account(
        Latest.of("ringside.receiver.record.produced", own).by("").getOrDefault("", 0L),
        Latest.of("ringside.receiver.record.exported", own).by("").getOrDefault("", 0L),
        Map.copyOf(lost));
  }

  long lostInAll() {
    return lost.values().stream().mapToLong(Long::longValue).sum();
  }
}
