package dev.ringside.receivers.telemetry;

import static dev.ringside.receivers.telemetry.OtlpWireTest.CAUSE;
import static dev.ringside.receivers.telemetry.OtlpWireTest.UNSAMPLED;
import static dev.ringside.receivers.telemetry.WireText.hex;
import static dev.ringside.receivers.telemetry.WireText.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.opentelemetry.sdk.resources.Resource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What our histograms look like behind OpenTelemetry's own OTLP exporter, on the wire.
@Timeout(60)
class OtlpHistogramWireTest {
  private final OtlpServer server = new OtlpServer(0);
  private final DirectTelemetry direct = DirectTelemetry.builder().clock(new BootClock()).build();

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(MemoryMode.class)
  void histogramsArriveInBothForms(MemoryMode mode) {
    direct
        .receiver("file_open", "0.1")
        .histogram(
            Metrics.FILE_OPEN_DURATION,
            points -> points.add(Attributes.empty(), KernelHistograms.of(0, 1000, 1000)));

    exportInBothForms(mode);

    var explicit = server.metrics.get(0).getResourceMetrics(0).getScopeMetrics(0).getMetrics(0);
    var exponential = server.metrics.get(1).getResourceMetrics(0).getScopeMetrics(0).getMetrics(0);
    assertThat(explicit.getName()).isEqualTo("ringside.file.open.duration");
    assertThat(explicit.getUnit()).isEqualTo("s");
    var explicitPoint = explicit.getHistogram().getDataPoints(0);
    assertThat(explicitPoint.getCount()).isEqualTo(3);
    assertThat(explicitPoint.getSum()).isEqualTo(2e-6);
    assertThat(explicitPoint.getBucketCountsList()).hasSize(27).startsWith(1L, 2L);
    var exponentialPoint = exponential.getExponentialHistogram().getDataPoints(0);
    assertThat(exponentialPoint.getScale()).isEqualTo(3);
    assertThat(exponentialPoint.getZeroCount()).isEqualTo(1);
    assertThat(exponentialPoint.getPositive().getBucketCountsList()).containsExactly(2L);
    assertThat(exponentialPoint.getPositive().getOffset())
        .isEqualTo((int) Math.ceil(Math.log(1e-6) / Math.log(2) * 8) - 1);
  }

  @ParameterizedTest
  @EnumSource(MemoryMode.class)
  void exemplarsArriveWithTheirSeriesInBothForms(MemoryMode mode) {
    var series = Attributes.of(Keys.RINGSIDE_FILE_ACCESS_MODE, "read");
    var telemetry = direct.receiver("file_open", "0.1");
    telemetry.histogram(
        Metrics.FILE_OPEN_DURATION,
        points -> {
          points.add(series, KernelHistograms.of(1000, 2000));
          points.add(Attributes.empty(), KernelHistograms.of(1000));
        });
    long now = ObservedTime.unixNanos() - BootClock.BOOT_UNIX_NS;
    telemetry.exemplar(Metrics.FILE_OPEN_DURATION, series, 2000, now, CAUSE);
    telemetry.exemplar(Metrics.FILE_OPEN_DURATION, series, 1000, now, UNSAMPLED);

    exportInBothForms(mode);

    var explicit = server.metrics.get(0).getResourceMetrics(0).getScopeMetrics(0).getMetrics(0);
    var exponential = server.metrics.get(1).getResourceMetrics(0).getScopeMetrics(0).getMetrics(0);
    var explicitPoint = explicit.getHistogram().getDataPoints(0);
    assertThat(explicitPoint.getCount()).isEqualTo(2);
    assertThat(explicitPoint.getSum()).isEqualTo(3e-6);
    assertThat(explicitPoint.getMin()).isEqualTo(1e-6);
    assertThat(explicitPoint.getMax()).isEqualTo(2e-6);
    assertThat(explicitPoint.getBucketCountsList()).hasSize(27).startsWith(0L, 1L, 1L);
    assertThat(explicitPoint.getExplicitBoundsList()).hasSize(26);
    assertThat(text(explicitPoint.getAttributesList())).isEqualTo("ringside.file.access_mode=read");
    assertExemplar(explicitPoint.getExemplarsList(), now);
    assertExemplar(exponential.getExponentialHistogram().getDataPoints(0).getExemplarsList(), now);
    assertThat(explicit.getHistogram().getDataPoints(1).getExemplarsList()).isEmpty();
  }

  private static void assertExemplar(List<Exemplar> exemplars, long bootTimeNs) {
    assertThat(exemplars)
        .singleElement()
        .returns(2e-6, e -> e.getAsDouble())
        .returns(BootClock.BOOT_UNIX_NS + bootTimeNs, e -> e.getTimeUnixNano())
        .returns(CAUSE.getTraceId(), e -> hex(e.getTraceId().toByteArray()))
        .returns(CAUSE.getSpanId(), e -> hex(e.getSpanId().toByteArray()));
  }

  /// The explicit bounds first.
  private void exportInBothForms(MemoryMode mode) {
    try (var exporter =
        OtlpHttpMetricExporter.builder()
            .setEndpoint(server.url("metrics"))
            .setMemoryMode(mode)
            .build()) {
      for (var form : List.of(HistogramForm.DEFAULT, new HistogramForm.Exponential(160))) {
        exporter.export(direct.metrics(form).produce(Resource.empty())).join(10, TimeUnit.SECONDS);
      }
    }
  }
}
