package dev.ringside.receivers;

import dev.ringside.bpf.Probe;
import dev.ringside.receivers.telemetry.Telemetry;

/// Turns one kind of kernel activity into telemetry.
///
/// Everything in [#bind] is a declaration: a receiver has no start, stop or close, and nothing to
/// leak.
@FunctionalInterface
public interface Receiver {

  /// Connects the kernel side to the telemetry side: what to set, attach and listen to, and what is
  /// emitted from it. Called once, before the object is loaded, without privileges.
  void bind(Probe probe, Telemetry telemetry);
}
