/// The commands: [Main] takes them apart, [RunCommand] watches, [DoctorCommand] finds out what can
/// run, [ReceiversCommand] lists, [ConfigCommand] checks a file.
///
/// Data goes to stdout, everything else to stderr; colours and a live line only to a [Terminal]
/// that is one.
package dev.ringside.config.command;
