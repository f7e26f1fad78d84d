package dev.ringside.config.agent;

import dev.ringside.bpf.AttachPlan;
import dev.ringside.bpf.BpfException;
import dev.ringside.bpf.MapStatistics;
import dev.ringside.bpf.Poller;
import dev.ringside.bpf.ProgramStatistics;
import dev.ringside.bpf.RingStatistics;
import dev.ringside.bpf.UnsupportedKernelException;
import dev.ringside.config.options.ChosenReceiver;
import dev.ringside.receivers.telemetry.ExportStatistics;
import dev.ringside.receivers.telemetry.ReceiverStatus;
import dev.ringside.receivers.telemetry.Telemetry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One receiver, from opening its object to closing it, whether it can run or not.
final class RunningReceiver {
  /// The ring had no room; counted in the kernel.
  static final String RING_FULL = "ring_full";

  /// A map had no room for what an event needs; counted in the kernel.
  static final String MAP_FULL = "map_full";

  /// A call was seen to begin, and the kernel did not tell that it returned.
  static final String RETURN_MISSED = "return_missed";

  /// The receiver threw, or the event did not have the form it should.
  static final String HANDLER_FAILED = "handler_failed";

  private final ChosenReceiver<?> chosen;
  private final Kernel.KernelSide side;
  private final Optional<AttachPlan> plan;
  private final String failure;

  private RunningReceiver(
      ChosenReceiver<?> chosen, Kernel.KernelSide side, Optional<AttachPlan> plan, String failure) {
    this.chosen = chosen;
    this.side = side;
    this.plan = plan;
    this.failure = failure;
  }

  /// Opens, binds and loads. What the kernel, libbpf or the receiver itself refuses is kept as the
  /// reason: the other receivers go on.
  static RunningReceiver start(
      ChosenReceiver<?> chosen, Kernel kernel, Telemetry telemetry, Poller poller) {
    Kernel.KernelSide side = null;
    try {
      side = kernel.open(chosen.name(), chosen.type().getClass().getClassLoader());
      chosen.create().bind(side.probe(), telemetry);
      return new RunningReceiver(chosen, side, Optional.of(side.load(poller)), "");
    } catch (UnsupportedKernelException e) {
      return failed(chosen, side, Optional.ofNullable(e.plan()), e.getMessage());
    } catch (BpfException e) {
      return failed(chosen, side, Optional.empty(), e.getMessage());
    } catch (RuntimeException | LinkageError e) {
      // A mistake in the receiver, such as a name that its C source does not have.
      return failed(chosen, side, Optional.empty(), "start " + chosen.name() + ": " + e);
    }
  }

  private static RunningReceiver failed(
      ChosenReceiver<?> chosen, Kernel.KernelSide side, Optional<AttachPlan> plan, String failure) {
    if (side != null) side.close();
    return new RunningReceiver(chosen, null, plan, String.valueOf(failure));
  }

  String name() {
    return chosen.name();
  }

  boolean isRunning() {
    return side != null;
  }

  /// What its kernel side says of itself; empty when it does not run.
  Optional<ReceiverStatus> status() {
    if (side == null) return Optional.empty();
    var loaded = plan.orElseThrow();
    return Optional.of(
        new ReceiverStatus(name(), side.rings(), side.maps(), side.programs(), loaded));
  }

  void detach() {
    if (side != null) side.detach();
  }

  void close() {
    if (side != null) side.close();
  }

  ReceiverAccount account(Optional<ExportStatistics> exports) {
    List<RingStatistics> rings = side == null ? List.of() : side.rings();
    List<MapStatistics> maps = side == null ? List.of() : side.maps();
    Map<String, Long> lost = new TreeMap<>(exports.map(e -> e.lostByReason()).orElse(Map.of()));
    long ringFull = rings.stream().mapToLong(RingStatistics::lost).sum();
    long failed = rings.stream().mapToLong(RingStatistics::failed).sum();
    long mapFull = maps.stream().mapToLong(MapStatistics::lost).sum();
    long missed = maps.stream().mapToLong(MapStatistics::missed).sum();
    if (ringFull > 0) lost.merge(RING_FULL, ringFull, Long::sum);
    if (mapFull > 0) lost.merge(MAP_FULL, mapFull, Long::sum);
    if (missed > 0) lost.merge(RETURN_MISSED, missed, Long::sum);
    if (failed > 0) lost.merge(HANDLER_FAILED, failed, Long::sum);
    // One event may become no record, or two, so what was emitted counts, not what came out of the
    // ring.
    long produced = exports.map(e -> e.emitted()).orElse(0L) + ringFull + mapFull + missed + failed;
    return new ReceiverAccount(
        chosen.name(),
        chosen.isNamed(),
        plan,
        failure,
        produced,
        exports.map(e -> e.exported()).orElse(0L),
        lost,
        side == null ? 0 : side.programs().stream().mapToLong(ProgramStatistics::missed).sum());
  }
}
