/// The living rooms: one class per kernel signal source.
///
/// A [Receiver] connects a BPF object to telemetry in one method. A [ReceiverType] is how it is
/// found, named and configured. To add one, copy the smallest here; `README.md` lists the files it
/// takes, and a test names the one you forgot.
package dev.ringside.receivers;
