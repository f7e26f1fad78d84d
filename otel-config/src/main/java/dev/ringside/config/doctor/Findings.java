package dev.ringside.config.doctor;

import dev.ringside.bpf.AttachPlan;
import java.util.List;
import java.util.Optional;

/// What an examination found.
public record Findings(Host host, List<ReceiverFinding> receivers, List<EndpointAnswer> endpoints) {
  public Findings {
    receivers = List.copyOf(receivers);
    endpoints = List.copyOf(endpoints);
  }

  /// @param kernel release, as `uname -r` says
  /// @param architecture as Java names it
  /// @param btfBytes size of the kernel's own type information; 0 when it has none
  /// @param libbpf version of the library that is loaded; empty when it could not be loaded
  /// @param libbpfFailure why not
  /// @param user effective user id
  /// @param capabilities effective ones, as capabilities(7) names them
  /// @param lockdown the lockdown mode; empty when the kernel does not tell
  /// @param tracefs whether tracefs is mounted, without which classic tracepoints cannot be used
  /// @param clocks what is worth knowing about clocks
  public record Host(
      String kernel,
      String architecture,
      long btfBytes,
      String libbpf,
      String libbpfFailure,
      long user,
      List<String> capabilities,
      String lockdown,
      boolean tracefs,
      Clocks clocks) {}

  /// @param uptimeNs CLOCK_BOOTTIME now
  /// @param source what the kernel reads time from, such as `tsc`; may be empty
  /// @param isShifted whether this process is in a time namespace, where its boot time is not the
  ///   kernel's
  public record Clocks(long uptimeNs, String source, boolean isShifted) {}

  /// @param isNamed whether somebody asked for it by name
  /// @param failure why it cannot run; empty when it can
  public record ReceiverFinding(
      String name, boolean isNamed, Optional<AttachPlan> plan, String failure) {
    public boolean canRun() {
      return failure.isEmpty();
    }
  }

  /// @param url where it was tried
  /// @param isGood whether an empty export was accepted
  /// @param said in words
  public record EndpointAnswer(String url, boolean isGood, String said) {}

  /// Whether everything that was asked for can run: every receiver asked for by name, or at least
  /// one when none was, and every endpoint.
  public boolean isGood() {
    boolean anyNamed = receivers.stream().anyMatch(ReceiverFinding::isNamed);
    boolean receiversRun =
        anyNamed
            ? receivers.stream().allMatch(r -> r.canRun() || !r.isNamed())
            : receivers.stream().anyMatch(ReceiverFinding::canRun);
    return receiversRun && endpoints.stream().allMatch(EndpointAnswer::isGood);
  }
}
