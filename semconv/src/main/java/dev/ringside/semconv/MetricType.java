package dev.ringside.semconv;

/// A metric of the registry.
///
/// @param receiver the stem of the receiver that reports it
/// @param name `ringside.file.open.duration`
/// @param instrument `counter`, `updowncounter`, `gauge` or `histogram`
/// @param unit in UCUM
/// @param description one sentence
public record MetricType(
    String receiver, String name, String instrument, String unit, String description) {}
