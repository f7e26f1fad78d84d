/// The dictionary: every name, unit and attribute that Ringside emits.
///
/// `model/` holds the registry in weaver's format, one file per receiver. [Keys], [Metrics],
/// [Events], [Spans], [Values] and [Registry] are generated from it, as are the tables in each
/// receiver's page; tests compare all of them with the registry.
package dev.ringside.semconv;
