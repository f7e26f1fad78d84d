package dev.ringside.receivers.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.bpf.AttachPlan;
import dev.ringside.bpf.MapStatistics;
import dev.ringside.bpf.Need;
import dev.ringside.bpf.ProgramStatistics;
import dev.ringside.bpf.RingStatistics;
import dev.ringside.bpf.Way;
import dev.ringside.semconv.Keys;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SelfTelemetryTest {
  private static final Resource AGENT =
      Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "ringside"));
  private static final Need OPENS = Need.required("file opens", Way.by("fentry/fexit"));
  private static final Need CONTAINERS = Need.optional("containers", Way.by("kprobe"));
  private static final ReceiverStatus FILE_OPEN =
      new ReceiverStatus(
          "file_open",
          List.of(
              new RingStatistics("file_opens", 100, 7, 90, 2, 4096, 64),
              new RingStatistics("more_opens", 10, 1, 9, 0, 8192, 0)),
          List.of(
              new MapStatistics("open_durations", 5, 64, 3, 0),
              new MapStatistics("starts", -1, 1024, 0, 6)),
          List.of(
              new ProgramStatistics("on_open_fentry", 60, 0),
              new ProgramStatistics("on_open_fexit", 15_000, 9)),
          new AttachPlan(
              List.of(
                  new AttachPlan.Step(OPENS, Optional.of(OPENS.ways().getFirst()), List.of()),
                  new AttachPlan.Step(CONTAINERS, Optional.empty(), List.of()))));
  private static final ExportStatistics EXPORTS =
      new ExportStatistics("file_open", 99, 80, Map.of("export_refused", 4L), 0);

  private final Collection<MetricData> metrics =
      new SelfTelemetry(AGENT, "1", () -> List.of(FILE_OPEN), () -> List.of(EXPORTS))
          .produce(Resource.empty());

  @Test
  void saysWhatWasProducedExportedAndLostAndWhy() {
    assertThat(points("ringside.receiver.record.produced")).isEqualTo(Map.of("file_open", 110L));
    assertThat(points("ringside.receiver.record.exported")).isEqualTo(Map.of("file_open", 80L));
    assertThat(points("ringside.receiver.record.lost"))
        .isEqualTo(
            Map.of(
                "file_open ring_full", 8L,
                "file_open map_full", 3L,
                "file_open return_missed", 6L,
                "file_open handler_failed", 2L,
                "file_open export_refused", 4L));
  }

  @Test
  void saysHowFullRingsAndMapsAre() {
    assertThat(points("ringside.receiver.ring.usage"))
        .isEqualTo(Map.of("file_open file_opens", 64L, "file_open more_opens", 0L));
    assertThat(points("ringside.receiver.ring.limit"))
        .isEqualTo(Map.of("file_open file_opens", 4096L, "file_open more_opens", 8192L));
    assertThat(points("ringside.receiver.map.entry.usage"))
        .isEqualTo(Map.of("file_open open_durations", 5L));
    assertThat(points("ringside.receiver.map.entry.limit"))
        .isEqualTo(Map.of("file_open open_durations", 64L, "file_open starts", 1024L));
  }

  @Test
  void saysWhichRunsOfAProgramTheKernelLeftOut() {
    assertThat(points("ringside.receiver.program.missed"))
        .isEqualTo(Map.of("file_open on_open_fentry", 0L, "file_open on_open_fexit", 9L));
  }

  @Test
  void saysWhichHookHoldsForEachNeed() {
    var hook = metric("ringside.receiver.hook.attached").getLongSumData();

    assertThat(hook.isMonotonic()).isFalse();
    assertThat(hook.getPoints()).hasSize(1);
    assertThat(hook.getPoints().iterator().next().getAttributes())
        .isEqualTo(
            Attributes.of(
                Keys.RINGSIDE_RECEIVER_NAME, "file_open",
                Keys.RINGSIDE_HOOK_NEED, "file opens",
                Keys.RINGSIDE_HOOK_MECHANISM, "fentry/fexit"));
  }

  @Test
  void saysWhatTheProcessUses() {
    var time = metric("process.cpu.time");

    assertThat(time.getDoubleSumData().isMonotonic()).isTrue();
    assertThat(time.getDoubleSumData().getPoints())
        .extracting(point -> point.getAttributes().get(Keys.CPU_MODE))
        .containsExactlyInAnyOrder("user", "system");
    assertThat(metric("process.memory.usage").getLongSumData().isMonotonic()).isFalse();
  }

  @Test
  void speaksOfTheAgent() {
    assertThat(metrics).allSatisfy(m -> assertThat(m.getResource()).isEqualTo(AGENT));
  }

  @Test
  void leavesOutWhatASupplierCannotSay() {
    var half =
        new SelfTelemetry(
            AGENT,
            "1",
            () -> {
              throw new IllegalStateException("closed");
            },
            () -> List.of(EXPORTS));

    var names = half.produce(Resource.empty()).stream().map(MetricData::getName).toList();

    assertThat(names)
        .contains("ringside.receiver.record.exported", "process.cpu.time")
        .doesNotContain("ringside.receiver.record.produced");
  }

  private MetricData metric(String name) {
    return metrics.stream().filter(m -> m.getName().equals(name)).findFirst().orElseThrow();
  }

  /// Values by the attributes' values, receiver first.
  private Map<String, Long> points(String name) {
    var points = new TreeMap<String, Long>();
    for (LongPointData point : metric(name).getLongSumData().getPoints()) {
      var attributes = new TreeMap<String, Object>();
      point.getAttributes().forEach((key, value) -> attributes.put(key.getKey(), value));
      var receiver = attributes.remove("ringside.receiver.name").toString();
      var rest = attributes.values().stream().map(Object::toString).toList();
      points.put((receiver + " " + String.join(" ", rest)).strip(), point.getValue());
    }
    return points;
  }
}
