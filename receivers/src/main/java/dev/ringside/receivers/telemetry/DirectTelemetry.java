package dev.ringside.receivers.telemetry;

import dev.ringside.bpf.KernelClock;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.export.MetricProducer;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The agent's path: from the polling thread straight to the exporters. The rings are the queue.
///
/// Records are pooled. A batch goes out when it is full or `delay` old, to all exporters at once,
/// and is used again when all of them answered. The exporters retry as they are configured; where
/// that ends without an answer (or with one that says "later"), the batch is kept and tried again
/// until it is taken or this is closed. So the only place with losses is the ring, where the kernel
/// counts them. What the server refuses is lost, and counted.
///
/// An answer can get lost on its way, so a record may arrive twice, never silently not at all.
///
/// Threads: what [#receiver] returns, and [#afterDrain], are for the polling thread; everything
/// else is for any thread. Order at the end: [#stopWaiting], close the BPF objects, [#close].
public final class DirectTelemetry implements AutoCloseable {
  private final List<LogRecordExporter> logExporters;
  private final List<SpanExporter> spanExporters;
  private final Resource host;
  private final Resource hostOfSpans;
  private final WallClock clock;
  private final ThreadContexts contexts;
  private final Duration closeTimeout;
  private final Patience patience;
  private final Pipeline<LogRecord> events;
  private final Pipeline<CompletedSpan> spans;
  private final DeclaredMetrics metrics;
  private final ObservedTime observed = new ObservedTime();
  private final List<Delivery> deliveries = new ArrayList<>();
  private final Map<String, ReceiverCounts> receivers = new ConcurrentSkipListMap<>();

  private DirectTelemetry(Builder settings) {
    logExporters = settings.logs;
    spanExporters = settings.spans;
    host = settings.host;
    hostOfSpans = withService(host);
    clock = settings.clock;
    contexts = settings.contexts;
    var export = settings.export;
    closeTimeout = export.closeTimeout();
    patience = new Patience(closeTimeout);
    int limit = export.valueLengthLimit();
    var logOutlets = logExporters.stream().map(e -> outlet(route(e), "logs", settings)).toList();
    var spanOutlets = spanExporters.stream().map(e -> outlet(route(e), "spans", settings)).toList();
    events = new Pipeline<>(export, patience, logOutlets, p -> new LogRecord(p, clock, limit));
    spans = new Pipeline<>(export, patience, spanOutlets, p -> new CompletedSpan(p, clock, limit));
    metrics = new DeclaredMetrics(settings.cardinalityLimit);
  }

  /// What stores traces sorts them by service, and Jaeger complains in its place where there is
  /// none. What the user configured wins.
  private static Resource withService(Resource host) {
    return Resource.builder().put("service.name", "ringside").build().merge(host);
  }

  private static Route<LogRecord> route(LogRecordExporter exporter) {
    return exporter instanceof OtlpLogExporter otlp ? otlp.route() : Route.Sdk.to(exporter);
  }

  private static Route<CompletedSpan> route(SpanExporter exporter) {
    return exporter instanceof OtlpSpanExporter otlp ? otlp.route() : Route.Sdk.to(exporter);
  }

  private <R extends Pooled> Outlet<R> outlet(Route<R> route, String signal, Builder settings) {
    var trouble = new Trouble(route.name(), settings.onExportState);
    if (settings.buffer == null || !(route instanceof Route.Otlp<R> otlp)) {
      return new Outlet<>(route, trouble);
    }
    try {
      var spool = settings.buffer.spool(signal);
      var delivery = new Delivery(spool, otlp.connection(), settings.export, trouble, this::counts);
      deliveries.add(delivery);
      return new Outlet<>(new BufferedRoute<>(otlp, spool, delivery), trouble);
    } catch (IOException e) {
      var directory = settings.buffer.directory();
      throw new UncheckedIOException("open the buffer " + directory + ": " + e.getMessage(), e);
    }
  }

  private ReceiverCounts counts(String receiver) {
    return receivers.computeIfAbsent(receiver, ReceiverCounts::new);
  }

  public static Builder builder() {
    return new Builder();
  }

  /// The telemetry of one receiver. Its scope is `dev.ringside.` and the name.
  public Telemetry receiver(String name, String version) {
    var origin = new Origin(host, Origin.scope(name, version), counts(name));
    var ofSpans = new Origin(hostOfSpans, origin.scope(), origin.counts());
    return new DirectReceiver(origin, ofSpans, events, spans, metrics, clock, observed, contexts);
  }

  /// Exports what is due. To be called by the polling thread after each round, and often enough: a
  /// record waits for `delay` and until the next call.
  public void afterDrain() {
    observed.refresh();
    events.exportDue();
    spans.exportDue();
  }

  /// Everything the receivers declared, about the host. Reading is the same whoever reads and how
  /// often: cumulative since each metric was declared, which is when its receiver was loaded. Never
  /// throws.
  public MetricProducer metrics(HistogramForm form) {
    return ignored -> metrics.read(host, form);
  }

  /// One account per receiver, by name.
  public List<ExportStatistics> statistics() {
    return receivers.values().stream().map(ReceiverCounts::read).toList();
  }

  /// Ends the waiting of the polling thread, from any thread: from now on there are no pauses, all
  /// answers together are awaited for `closeTimeout`, and what is not taken then is lost as
  /// `export_failed`. To be called before closing the BPF objects, whose last events would
  /// otherwise wait for a server that does not answer.
  public void stopWaiting() {
    patience.end();
  }

  /// Makes a last attempt with what is left, within `closeTimeout`, and shuts the exporters down.
  /// Events that are emitted later are lost as `export_failed`.
  @Override
  public void close() {
    stopWaiting();
    events.close();
    spans.close();
    for (var delivery : deliveries) delivery.close(closeTimeout);
    var ends = new ArrayList<CompletableResultCode>();
    for (var exporter : logExporters) ends.add(end(exporter::shutdown));
    for (var exporter : spanExporters) ends.add(end(exporter::shutdown));
    CompletableResultCode.ofAll(ends).join(closeTimeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static CompletableResultCode end(Supplier<CompletableResultCode> shutdown) {
    try {
      return shutdown.get();
    } catch (RuntimeException e) {
      // The others are to be shut down too.
      return CompletableResultCode.ofExceptionalFailure(e);
    }
  }

  /// The settings; what is not set has the default said here.
  public static final class Builder {
    private List<LogRecordExporter> logs = List.of();
    private List<SpanExporter> spans = List.of();
    private Resource host = Resource.getDefault();
    private WallClock clock;
    private ThreadContexts contexts = ThreadContexts.NONE;
    private ExportSettings export = ExportSettings.DEFAULT;
    private int cardinalityLimit = DeclaredMetrics.CARDINALITY_LIMIT;
    private DiskBuffer buffer;
    private Consumer<ExportState> onExportState = state -> {};

    private Builder() {}

    /// Where events go. They must not keep a record after they answered. Without any, events are
    /// dropped and not counted.
    public Builder logs(List<LogRecordExporter> exporters) {
      logs = List.copyOf(exporters);
      return this;
    }

    /// Where spans go; as [#logs].
    public Builder spans(List<SpanExporter> exporters) {
      spans = List.copyOf(exporters);
      return this;
    }

    /// The host that is observed: the Resource of events, spans and the receivers' metrics. That of
    /// spans has a `service.name` besides, `ringside` where this one has none.
    public Builder host(Resource host) {
      this.host = host;
      return this;
    }

    public Builder clock(KernelClock clock) {
      return clock(WallClock.of(clock));
    }

    /// Required.
    public Builder clock(WallClock clock) {
      this.clock = clock;
      return this;
    }

    /// In which spans threads were: nothing is known.
    public Builder contexts(ThreadContexts contexts) {
      this.contexts = contexts;
      return this;
    }

    /// Records in a full batch: 512. One batch is under way at a time, so this divided by the time
    /// an export takes is how many records per second get out. Servers bound a message's size.
    public Builder batchSize(int records) {
      export = export.batchSize(records);
      return this;
    }

    /// How old a batch that is not full gets: 1 s.
    public Builder delay(Duration delay) {
      export = export.delay(delay);
      return this;
    }

    /// How long one attempt may take before it counts as unanswered: 30 s, which is longer than the
    /// exporters' own timeout with its retries.
    public Builder exportTimeout(Duration timeout) {
      export = export.exportTimeout(timeout);
      return this;
    }

    /// Pauses after unanswered attempts: 1 s, doubled each time up to 30 s.
    public Builder retryPauses(Duration first, Duration last) {
      export = export.retry(first, last);
      return this;
    }

    /// How long everything may take at the end: 5 s, and as much for the exporters to shut down.
    public Builder closeTimeout(Duration timeout) {
      export = export.closeTimeout(timeout);
      return this;
    }

    /// Longer strings are cut to so many characters, as OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT says:
    /// unlimited.
    public Builder attributeValueLengthLimit(int characters) {
      export = export.valueLengthLimit(characters);
      return this;
    }

    /// Attribute sets per metric, 2000: as in the SDK the last one is `otel.metric.overflow=true`,
    /// for all that did not fit.
    public Builder cardinalityLimit(int points) {
      cardinalityLimit = points;
      return this;
    }

    /// Keeps on disk what an [OtlpLogExporter] or an [OtlpSpanExporter] cannot deliver, and
    /// delivers it when it can; what an earlier run left there too. At most one exporter of each
    /// kind. Without one a batch waits in memory, and the rings take up the difference.
    ///
    /// @param buffer stays open until this is closed, and is not closed with it
    public Builder buffer(DiskBuffer buffer) {
      this.buffer = buffer;
      return this;
    }

    /// Told when an exporter gets into trouble or out of it, once each, on any thread.
    public Builder onExportState(Consumer<ExportState> listener) {
      onExportState = listener;
      return this;
    }

    private static long otlp(List<?> exporters) {
      return exporters.stream()
          .filter(e -> e instanceof OtlpLogExporter || e instanceof OtlpSpanExporter)
          .count();
    }

    public DirectTelemetry build() {
      if (buffer != null && Math.max(otlp(logs), otlp(spans)) > 1) {
        // Of two, one may take a batch and the other not: it would be counted twice.
        throw new IllegalStateException("a buffer is for one OTLP exporter of a kind");
      }
      if (clock == null) throw new IllegalStateException("a clock is needed: call clock(...)");
      return new DirectTelemetry(this);
    }
  }
}
