package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.bpf.AttachPlan;
import dev.ringside.bpf.BpfObject;
import dev.ringside.bpf.KernelClock;
import dev.ringside.bpf.MapStatistics;
import dev.ringside.bpf.Poller;
import dev.ringside.bpf.ProgramStatistics;
import dev.ringside.bpf.RingStatistics;
import dev.ringside.receivers.telemetry.WallClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A receiver on the real kernel, from its start until [#end], which detaches and drains: whatever
/// the workload did before is reported then, and nothing has to be waited for.
final class Observation implements AutoCloseable {
  private final RecordingTelemetry telemetry = new RecordingTelemetry(new RealClock());
  private final List<Throwable> failures = new ArrayList<>();
  private final Poller poller =
      new Poller(Duration.ofMillis(20), () -> {}, (ring, failure) -> failures.add(failure));
  private final BpfObject object;
  private final AttachPlan plan;

  private Observation(BpfObject object, Receiver receiver) {
    this.object = object;
    receiver.bind(object, telemetry);
    poller.start();
    plan = object.load(poller);
  }

  /// Skips the test where the kernel cannot be asked.
  static <O extends Record> Observation start(ReceiverType<O> type, O options) {
    return start(type, type.create(options));
  }

  /// The same with a receiver that was made otherwise.
  static Observation start(ReceiverType<?> type, Receiver receiver) {
    assumeTrue(System.getProperty("user.name").equals("root"), "not root");
    assumeTrue(Files.exists(Path.of("/sys/kernel/btf/vmlinux")), "this kernel has no BTF");
    var object = BpfObject.open(type.name(), type.getClass().getClassLoader());
    return new Observation(object, receiver);
  }

  /// Waits until so many events have been read.
  void awaitEvents(int count) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> object.rings().stream().mapToLong(RingStatistics::handled).sum() >= count);
  }

  /// What is reported while it goes on: metrics are read when they are asked for.
  RecordingTelemetry telemetry() {
    return telemetry;
  }

  /// Detaches, drains, and gives what was reported.
  RecordingTelemetry end() {
    object.detach();
    if (!failures.isEmpty()) throw new AssertionError("a handler failed", failures.getFirst());
    object.rings().forEach(ring -> assertThat(ring.lost()).as(ring.name()).isZero());
    telemetry.keepMetrics();
    return telemetry;
  }

  /// Runs the kernel left out because it was in the same program on that processor: on a
  /// preemptible kernel a program stands still while others call what it is attached to.
  long missed() {
    return object.programs().stream().mapToLong(ProgramStatistics::missed).sum();
  }

  AttachPlan plan() {
    return plan;
  }

  /// What maps had no room for, and calls whose return was not told.
  long lost() {
    return object.maps().stream().mapToLong(m -> m.lost() + m.missed()).sum();
  }

  /// Calls that were seen to begin, and whose return the kernel did not tell.
  long missedReturns() {
    return object.maps().stream().mapToLong(MapStatistics::missed).sum();
  }

  /// Whether there is a way for a need that is optional.
  void assumeNeed(String need) {
    boolean met =
        plan.steps().stream().anyMatch(s -> s.need().name().equals(need) && s.holds().isPresent());
    assumeTrue(met, "this kernel has no way for " + need + ": " + plan);
  }

  @Override
  public void close() {
    object.close();
    poller.close();
  }

  private static final class RealClock implements WallClock {
    private final KernelClock clock = KernelClock.start();

    @Override
    public long unixNanos(long bootTimeNs) {
      return clock.unixNanos(bootTimeNs);
    }

    @Override
    public long processCreation(long startBootTimeNs) {
      return clock.processCreation(startBootTimeNs);
    }
  }
}
