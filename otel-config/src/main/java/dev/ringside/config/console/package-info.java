/// Telemetry for eyes: one line per event on the terminal, a small table of metrics at the end.
///
/// Everything that comes from outside goes through `Printable`, so that no file name can play with
/// the terminal.
package dev.ringside.config.console;
