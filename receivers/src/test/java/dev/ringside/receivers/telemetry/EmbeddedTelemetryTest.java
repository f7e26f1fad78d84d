package dev.ringside.receivers.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import dev.ringside.semconv.Spans;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Over the SDK itself, as a service has it.
class EmbeddedTelemetryTest {
  private static final Resource SERVICE =
      Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "shop"));
  private static final SpanContext PARENT =
      SpanContext.createFromRemoteParent(
          "4bf92f3577b34da6a3ce929d0e0e4736",
          "00f067aa0ba902b7",
          TraceFlags.getSampled(),
          TraceState.getDefault());

  private static final SpanContext CAUSE =
      SpanContext.create(
          "0af7651916cd43dd8448eb211c80319c",
          "b7ad6b7169203331",
          TraceFlags.getSampled(),
          TraceState.getDefault());

  private final InMemoryLogRecordExporter logs = InMemoryLogRecordExporter.create();
  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final InMemoryMetricReader metrics = InMemoryMetricReader.create();
  private final EmbeddedTelemetry embedded = new EmbeddedTelemetry(new BootClock());
  private final OpenTelemetrySdk sdk =
      OpenTelemetrySdk.builder()
          .setLoggerProvider(
              SdkLoggerProvider.builder()
                  .setResource(SERVICE)
                  .addLogRecordProcessor(SimpleLogRecordProcessor.create(logs))
                  .build())
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .setResource(SERVICE)
                  .addSpanProcessor(SimpleSpanProcessor.create(spans))
                  .build())
          .setMeterProvider(
              SdkMeterProvider.builder()
                  .setResource(SERVICE)
                  .registerMetricProducer(embedded.histograms(HistogramForm.DEFAULT))
                  .registerMetricReader(metrics)
                  .build())
          .build();
  private final Telemetry telemetry = embedded.receiver(sdk, "process_exec", "0.1");

  @AfterEach
  void close() {
    sdk.close();
  }

  @Test
  void anEventHasTheKernelsTimeAndNotTheCurrentSpan() {
    var current = sdk.getTracer("service").spanBuilder("request").startSpan();
    try (var scope = current.makeCurrent()) {
      assertThat(scope).isNotNull();

      telemetry
          .event(Events.PROCESS_EXEC)
          .at(7)
          .set(Keys.PROCESS_PID, 42)
          .set(Keys.CONTAINER_ID, null)
          .set(Keys.ERROR_TYPE, "ENOENT")
          .emit();
    }

    var event = logs.getFinishedLogRecordItems().getFirst();
    assertThat(event.getEventName()).isEqualTo("ringside.process.exec");
    assertThat(event.getSeverity()).isEqualTo(Severity.INFO);
    assertThat(event.getTimestampEpochNanos()).isEqualTo(BootClock.BOOT_UNIX_NS + 7);
    assertThat(event.getObservedTimestampEpochNanos()).isPositive();
    assertThat(event.getSpanContext().isValid()).isFalse();
    assertThat(event.getResource()).isEqualTo(SERVICE);
    assertThat(event.getInstrumentationScopeInfo().getName())
        .isEqualTo("dev.ringside.process_exec");
    assertThat(event.getAttributes())
        .isEqualTo(Attributes.of(Keys.PROCESS_PID, 42L, Keys.ERROR_TYPE, "ENOENT"));
  }

  @Test
  void anEventCarriesTheSpanItHappenedIn() {
    telemetry.event(Events.PROCESS_EXEC).at(7).in(PARENT).emit();

    var event = logs.getFinishedLogRecordItems().getFirst();
    assertThat(event.getSpanContext()).isEqualTo(PARENT);
  }

  @Test
  void aSpanHasTheKernelsTimesAndItsRemoteParent() {
    telemetry
        .span(Spans.CLI_INTERNAL)
        .name("ls")
        .between(10, 30)
        .parent(PARENT)
        .link(CAUSE)
        .set(Keys.PROCESS_PID, 42)
        .error("127")
        .emit();

    var span = spans.getFinishedSpanItems().getFirst();
    assertThat(span.getName()).isEqualTo("ls");
    assertThat(span.getKind()).isEqualTo(SpanKind.INTERNAL);
    assertThat(span.getStartEpochNanos()).isEqualTo(BootClock.BOOT_UNIX_NS + 10);
    assertThat(span.getEndEpochNanos()).isEqualTo(BootClock.BOOT_UNIX_NS + 30);
    assertThat(span.getParentSpanContext()).isEqualTo(PARENT);
    assertThat(span.getLinks()).containsExactly(LinkData.create(CAUSE));
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(span.getAttributes().asMap())
        .isEqualTo(Map.of(Keys.PROCESS_PID, 42L, Keys.ERROR_TYPE, "127"));
  }

  @Test
  void aSpanWithoutAParentIsARoot() {
    telemetry.span(Spans.CLI_INTERNAL).between(10, 30).emit();

    var span = spans.getFinishedSpanItems().getFirst();
    assertThat(span.getParentSpanContext().isValid()).isFalse();
  }

  @Test
  void aCounterIsTheServicesOwnInstrument() {
    telemetry.counter(
        Metrics.PROCESS_EXECS,
        points -> {
          points.add(Attributes.empty(), 2);
          points.add(Attributes.empty(), 3);
        });

    var execs = metric("ringside.process.execs");

    assertThat(execs.getUnit()).isEqualTo("{exec}");
    assertThat(execs.getResource()).isEqualTo(SERVICE);
    assertThat(execs.getLongSumData().getPoints().iterator().next().getValue()).isEqualTo(5);
  }

  @Test
  void histogramsComeThroughTheProducer() {
    telemetry.histogram(
        Metrics.PROCESS_LIFETIME_DURATION,
        points -> points.add(Attributes.empty(), KernelHistograms.of(1_000_000_000L)));

    var lifetimes = metric("ringside.process.lifetime.duration");

    assertThat(lifetimes.getResource()).isEqualTo(SERVICE);
    assertThat(lifetimes.getHistogramData().getPoints().iterator().next().getSum()).isEqualTo(1);
  }

  @Test
  void exemplarsComeWithTheHistograms() {
    telemetry.histogram(
        Metrics.PROCESS_LIFETIME_DURATION,
        points -> points.add(Attributes.empty(), KernelHistograms.of(1_000_000_000L)));
    long now = ObservedTime.unixNanos() - BootClock.BOOT_UNIX_NS;

    telemetry.exemplar(
        Metrics.PROCESS_LIFETIME_DURATION, Attributes.empty(), 1_000_000_000L, now, CAUSE);

    var point =
        metric("ringside.process.lifetime.duration").getHistogramData().getPoints().iterator();
    assertThat(point.next().getExemplars())
        .containsExactly(
            DoubleExemplarData.create(Attributes.empty(), BootClock.BOOT_UNIX_NS + now, CAUSE, 1));
  }

  @Test
  void knowsOfThreadsWhatItIsTold() {
    var contexts =
        new ThreadContexts() {
          @Override
          public int pid() {
            return 7;
          }

          @Override
          public SpanContext at(int pid, int tid, long bootTimeNs) {
            return CAUSE;
          }
        };

    assertThat(embedded.receiver(sdk, "file_open", "0.1", contexts).contexts()).isSameAs(contexts);
    assertThat(telemetry.contexts()).isSameAs(ThreadContexts.NONE);
  }

  @Test
  void countersEndWithIt() {
    telemetry.counter(Metrics.PROCESS_EXECS, points -> points.add(Attributes.empty(), 2));

    embedded.close();

    assertThat(metrics.collectAllMetrics()).isEmpty();
  }

  @Test
  void saysOfItselfThroughTheServicesMeter() {
    embedded.reportSelf(sdk, "1", List::of);
    telemetry.event(Events.PROCESS_EXEC).emit();
    telemetry.lost("decode_failed");

    var own =
        metrics.collectAllMetrics().stream()
            .filter(m -> m.getInstrumentationScopeInfo().getName().equals("dev.ringside.self"))
            .collect(
                Collectors.toMap(
                    MetricData::getName,
                    m -> m.getLongSumData().getPoints().iterator().next().getValue()));
    embedded.close();

    assertThat(own)
        .containsEntry("ringside.receiver.record.exported", 1L)
        .containsEntry("ringside.receiver.record.lost", 1L)
        .containsEntry("ringside.receiver.metric.overflow", 0L);
    assertThat(metrics.collectAllMetrics()).isEmpty();
  }

  @Test
  void countsWhatItHandsOver() {
    telemetry.event(Events.PROCESS_EXEC).emit();
    telemetry.span(Spans.CLI_INTERNAL).between(1, 2).emit();
    telemetry.lost("decode_failed");

    assertThat(embedded.statistics())
        .containsExactly(
            new ExportStatistics("process_exec", 3, 2, Map.of("decode_failed", 1L), 0));
  }

  private MetricData metric(String name) {
    return metrics.collectAllMetrics().stream()
        .filter(m -> m.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
