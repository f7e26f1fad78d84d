/// The laboratory: the packaged agent on a real kernel against a real Collector.
///
/// A test here puts three things side by side and compares them: what a workload says it did
/// ([dev.ringside.integration.workload]), what arrived at a Collector over OTLP
/// ([dev.ringside.integration.otlp]), and what other tools saw at the same time
/// ([dev.ringside.integration.peer]). [dev.ringside.integration.architecture] holds the walls of
/// the house itself.
///
/// [dev.ringside.integration.benchmark] measures instead of testing, beside the same peers.
///
/// Nobody waits for a time here: tests wait for the event they are about, or for a marker behind
/// it.
package dev.ringside.integration;
