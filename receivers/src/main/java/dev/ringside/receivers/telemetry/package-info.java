/// What the OpenTelemetry API cannot say: histograms the kernel built, events and spans with kernel
/// times, and a direct path from a ring to an exporter.
///
/// A receiver sees [Telemetry]. Behind it are two implementations: [DirectTelemetry] over the
/// exporters themselves, for the agent, where the ring is the queue and nothing is dropped between
/// it and the exporter; and [EmbeddedTelemetry] over a service's own `OpenTelemetry`. This is the
/// only package of `receivers` that knows the OpenTelemetry SDK.
///
/// The direct path, in the order a record takes: [LogRecord] or [CompletedSpan] (pooled, filled and
/// read in place) → [Batch] → [Pipeline] (when to send, when to wait) → [Outlet] (one exporter, and
/// what it owes) → [Answer] (what a failure means). [ReceiverCounts] keeps the account.
///
/// Metrics are read when somebody collects: [Readings] of what was declared, [MergedHistogram] in
/// the [HistogramForm] that the exporter wants. [SelfTelemetry] says how Ringside itself does.
package dev.ringside.receivers.telemetry;
