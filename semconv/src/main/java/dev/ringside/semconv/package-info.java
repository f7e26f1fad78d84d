/// The dictionary: every name, unit and attribute that Ringside emits.
///
/// `model/` holds the registry in weaver's format, one file per receiver. [Keys], [Metrics],
/// [Events] and [Spans] are generated from it, as are the tables in each receiver's page; a test
/// compares all of them with the registry.
package dev.ringside.semconv;
