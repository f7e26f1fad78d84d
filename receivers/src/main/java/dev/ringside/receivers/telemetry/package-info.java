/// What the OpenTelemetry API cannot say: histograms the kernel built, events and spans with kernel
/// times, and a direct path from a ring to an exporter.
///
/// A receiver sees [Telemetry]. Behind it are two implementations: one over the exporters
/// themselves, for the agent, where the ring is the queue and nothing is dropped between it and the
/// exporter; and one over a service's own `OpenTelemetry`, for embedding. This is the only package
/// of `receivers` that knows the OpenTelemetry SDK.
package dev.ringside.receivers.telemetry;
