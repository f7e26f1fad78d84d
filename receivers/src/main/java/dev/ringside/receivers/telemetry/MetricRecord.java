package dev.ringside.receivers.telemetry;

import dev.ringside.semconv.MetricType;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.resources.Resource;

/// A metric as exporters read it; the one data interface of the SDK that has no factory.
record MetricRecord(
    Resource resource,
    InstrumentationScopeInfo scope,
    MetricType metric,
    MetricDataType dataType,
    Data<?> data)
    implements MetricData {

  @Override
  public Resource getResource() {
    return resource;
  }

  @Override
  public InstrumentationScopeInfo getInstrumentationScopeInfo() {
    return scope;
  }

  @Override
  public String getName() {
    return metric.name();
  }

  @Override
  public String getDescription() {
    return metric.description();
  }

  @Override
  public String getUnit() {
    return metric.unit();
  }

  @Override
  public MetricDataType getType() {
    return dataType;
  }

  @Override
  public Data<?> getData() {
    return data;
  }
}
