/// Finds out what can run on this host, by really trying: each receiver is loaded, attached and
/// taken down again, and the endpoint gets an empty export.
///
/// [Examination] does it, [Findings] holds what came out, [Report] says it to a person and [Json]
/// to a program.
package dev.ringside.config.doctor;
