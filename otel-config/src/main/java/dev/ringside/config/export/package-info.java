/// Where telemetry goes: exporters, Resources and intervals, as OpenTelemetry's own configuration
/// says.
///
/// OpenTelemetry's autoconfiguration is used as a factory. It reads the `OTEL_*` variables
/// ([EnvironmentConfiguration]) or the declarative file ([FileConfiguration]) and builds a whole
/// SDK; we keep the exporters it made ([Exporters]) and run our own pipeline on them, because the
/// ring is our queue, and because metrics that the kernel aggregated do not fit through
/// instruments. The SDK around them stays idle: nothing is recorded with it and none of its readers
/// runs, so nothing is exported twice.
package dev.ringside.config.export;
