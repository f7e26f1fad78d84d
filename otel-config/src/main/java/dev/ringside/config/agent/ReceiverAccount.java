package dev.ringside.config.agent;

import dev.ringside.bpf.AttachPlan;
import java.util.Map;
import java.util.Optional;

/// How one receiver is doing, at one moment.
///
/// @param name its stem
/// @param isNamed whether somebody asked for it by name
/// @param plan by which hooks it runs, and which the kernel refused; empty when it never came to
///   that
/// @param failure why it does not run, in one line; empty when it runs
/// @param produced records there were since it started, those that were lost included
/// @param exported records that every exporter took
/// @param lostByReason records that were lost, by why: `ring_full`, `map_full`, `return_missed`,
///   `handler_failed`, or what `ExportStatistics` says
/// @param leftOut runs of its programs that the kernel left out, for example because the same one
///   was running on that processor; each would have been a record, or none
public record ReceiverAccount(
    String name,
    boolean isNamed,
    Optional<AttachPlan> plan,
    String failure,
    long produced,
    long exported,
    Map<String, Long> lostByReason,
    long leftOut) {
  public ReceiverAccount {
    lostByReason = Map.copyOf(lostByReason);
  }

  public boolean isRunning() {
    return failure.isEmpty();
  }

  public long lost() {
    return lostByReason.values().stream().mapToLong(Long::longValue).sum();
  }
}
