package dev.ringside.receivers.telemetry;

import dev.ringside.bpf.Text;
import dev.ringside.semconv.EventType;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.logs.data.Body;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.resources.Resource;

/// One log event of the pool: a receiver fills it through [EventBuilder], exporters read it as
/// [LogRecordData]. Exporters must not keep it once they answered.
@SuppressWarnings("deprecation") // getBody has no default; getBodyValue took its place
final class LogRecord implements LogRecordData, EventBuilder, Pooled {
  private static final Severity[] SEVERITIES = Severity.values();

  private final Pipeline<LogRecord> pipeline;
  private final WallClock clock;
  private final AttributeArray attributes;

  private boolean open;
  private Origin origin;
  private String eventName;
  private Severity severity;
  private SpanContext span;
  private long timestampNs;
  private long observedNs;

  LogRecord(Pipeline<LogRecord> pipeline, WallClock clock, int valueLengthLimit) {
    this.pipeline = pipeline;
    this.clock = clock;
    this.attributes = new AttributeArray(valueLengthLimit);
  }

  /// Forgets whatever was filled in before, also by a handler that never came to [#emit].
  LogRecord begin(Origin origin, EventType type, long observedUnixNs) {
    open = true;
    this.origin = origin;
    eventName = type.name();
    severity = severityOf(type);
    span = SpanContext.getInvalid();
    timestampNs = 0;
    observedNs = observedUnixNs;
    attributes.clear();
    return this;
  }

  /// OpenTelemetry's own numbers, so the place in the enum is the number.
  static Severity severityOf(EventType type) {
    return SEVERITIES[type.severityNumber()];
  }

  @Override
  public EventBuilder at(long bootTimeNs) {
    timestampNs = clock.unixNanos(bootTimeNs);
    return this;
  }

  @Override
  public EventBuilder severity(Severity severity) {
    this.severity = severity;
    return this;
  }

  @Override
  public <T> EventBuilder set(AttributeKey<T> key, T value) {
    attributes.put(key, value);
    return this;
  }

  @Override
  public EventBuilder set(AttributeKey<Long> key, long value) {
    attributes.put(key, value);
    return this;
  }

  @Override
  public EventBuilder set(AttributeKey<Double> key, double value) {
    attributes.put(key, value);
    return this;
  }

  @Override
  public EventBuilder setText(AttributeKey<String> key, Text value) {
    attributes.putText(key, value);
    return this;
  }

  @Override
  public EventBuilder set(SharedAttributes shared) {
    attributes.put(shared);
    return this;
  }

  @Override
  public EventBuilder in(SpanContext span) {
    this.span = span;
    return this;
  }

  @Override
  public void emit() {
    if (!open) throw new IllegalStateException("emit without an event: begin one for each emit");
    open = false;
    pipeline.emit(this);
  }

  @Override
  public Origin origin() {
    return origin;
  }

  @Override
  public int wireBytes() {
    return Batch.RECORD_BYTES + attributes.characters();
  }

  @Override
  public Resource getResource() {
    return origin.resource();
  }

  @Override
  public InstrumentationScopeInfo getInstrumentationScopeInfo() {
    return origin.scope();
  }

  @Override
  public long getTimestampEpochNanos() {
    return timestampNs;
  }

  @Override
  public long getObservedTimestampEpochNanos() {
    return observedNs;
  }

  @Override
  public SpanContext getSpanContext() {
    return span;
  }

  @Override
  public Severity getSeverity() {
    return severity;
  }

  @Override
  public String getSeverityText() {
    return null;
  }

  @Override
  public Body getBody() {
    return Body.empty();
  }

  @Override
  public Value<?> getBodyValue() {
    return null;
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
  public String getEventName() {
    return eventName;
  }
}
