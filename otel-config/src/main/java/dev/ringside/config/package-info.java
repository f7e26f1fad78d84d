/// The front door for Java: [Ringside] runs receivers inside a program, either with exporters of
/// its own, as the agent does, or over the service's own `OpenTelemetry`.
///
/// Behind it, in the order in which things happen: `tree` and `file` read configuration, `options`
/// gives each receiver its own, `export` finds out where telemetry goes, `agent` runs the
/// receivers. `command` is the front door for a terminal, with `console` and `doctor`.
package dev.ringside.config;
