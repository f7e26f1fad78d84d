package dev.ringside.receivers.telemetry;

import dev.ringside.semconv.Keys;
import dev.ringside.semconv.SpanType;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.common.InstrumentationLibraryInfo;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One span of the pool: a receiver fills it through [CompletedSpanBuilder], exporters read it as
/// [SpanData]. Exporters must not keep it once they answered.
@SuppressWarnings("deprecation") // getInstrumentationLibraryInfo has no default
final class CompletedSpan implements SpanData, CompletedSpanBuilder, Pooled {
  private static final IdGenerator IDS = IdGenerator.random();
  private static final int EVENT_BYTES = 64;
  private static final int LINK_BYTES = 48;

  private final Pipeline<CompletedSpan> pipeline;
  private final WallClock clock;
  private final AttributeArray attributes;
  private final List<EventData> events = new ArrayList<>();
  private final List<LinkData> links = new ArrayList<>();

  private boolean open;
  private Origin origin;
  private String name;
  private SpanKind kind;
  private StatusData status;
  private SpanContext context;
  private SpanContext parent;
  private long startBootTimeNs;
  private long startNs;
  private long endNs;

  CompletedSpan(Pipeline<CompletedSpan> pipeline, WallClock clock, int valueLengthLimit) {
    this.pipeline = pipeline;
    this.clock = clock;
    this.attributes = new AttributeArray(valueLengthLimit);
  }

  /// Forgets whatever was filled in before, also by a handler that never came to [#emit].
  CompletedSpan begin(Origin origin, SpanType type) {
    open = true;
    this.origin = origin;
    name = type.type();
    kind = kindOf(type);
    status = StatusData.unset();
    context = SpanContext.getInvalid();
    parent = SpanContext.getInvalid();
    startNs = 0;
    endNs = 0;
    attributes.clear();
    events.clear();
    links.clear();
    return this;
  }

  static SpanKind kindOf(SpanType type) {
    return SpanKind.valueOf(type.kind().toUpperCase(Locale.ROOT));
  }

  @Override
  public CompletedSpanBuilder name(String name) {
    this.name = name;
    return this;
  }

  @Override
  public CompletedSpanBuilder between(long startBootTimeNs, long endBootTimeNs) {
    this.startBootTimeNs = startBootTimeNs;
    startNs = clock.unixNanos(startBootTimeNs);
    // Not a second look at the clock: it may be set in between.
    endNs = startNs + (endBootTimeNs - startBootTimeNs);
    return this;
  }

  @Override
  public CompletedSpanBuilder event(String name, long bootTimeNs) {
    long time = startNs + (bootTimeNs - startBootTimeNs);
    events.add(EventData.create(time, name, Attributes.empty()));
    return this;
  }

  @Override
  public CompletedSpanBuilder parent(SpanContext parent) {
    this.parent = parent;
    return this;
  }

  @Override
  public CompletedSpanBuilder link(SpanContext span) {
    if (span.isValid()) links.add(LinkData.create(span));
    return this;
  }

  @Override
  public <T> CompletedSpanBuilder set(AttributeKey<T> key, T value) {
    attributes.put(key, value);
    return this;
  }

  @Override
  public CompletedSpanBuilder set(AttributeKey<Long> key, long value) {
    attributes.put(key, value);
    return this;
  }

  @Override
  public CompletedSpanBuilder error(String type) {
    status = StatusData.error();
    return set(Keys.ERROR_TYPE, type);
  }

  @Override
  public void emit() {
    if (!open) throw new IllegalStateException("emit without a span: begin one for each emit");
    open = false;
    // Whoever began the trace decided that nobody wants it, as the SDK's default sampler has it.
    if (parent.isValid() && !parent.isSampled()) return;
    context =
        SpanContext.create(
            parent.isValid() ? parent.getTraceId() : IDS.generateTraceId(),
            IDS.generateSpanId(),
            TraceFlags.getSampled(),
            parent.isValid() ? parent.getTraceState() : TraceState.getDefault());
    pipeline.emit(this);
  }

  @Override
  public Origin origin() {
    return origin;
  }

  @Override
  public int wireBytes() {
    return Batch.RECORD_BYTES
        + attributes.characters()
        + EVENT_BYTES * events.size()
        + LINK_BYTES * links.size();
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public SpanKind getKind() {
    return kind;
  }

  @Override
  public SpanContext getSpanContext() {
    return context;
  }

  @Override
  public SpanContext getParentSpanContext() {
    return parent;
  }

  @Override
  public StatusData getStatus() {
    return status;
  }

  @Override
  public long getStartEpochNanos() {
    return startNs;
  }

  @Override
  public long getEndEpochNanos() {
    return endNs;
  }

  @Override
  public boolean hasEnded() {
    return true;
  }

  @Override
  public Attributes getAttributes() {
    return attributes;
  }

  @Override
  public int getTotalAttributeCount() {
    return attributes.size();
  }

  @Override
  public List<EventData> getEvents() {
    return events;
  }

  @Override
  public int getTotalRecordedEvents() {
    return events.size();
  }

  @Override
  public List<LinkData> getLinks() {
    return links;
  }

  @Override
  public int getTotalRecordedLinks() {
    return links.size();
  }

  @Override
  public InstrumentationScopeInfo getInstrumentationScopeInfo() {
    return origin.scope();
  }

  @Override
  public InstrumentationLibraryInfo getInstrumentationLibraryInfo() {
    return InstrumentationLibraryInfo.create(origin.scope().getName(), origin.scope().getVersion());
  }

  @Override
  public Resource getResource() {
    return origin.resource();
  }
}
