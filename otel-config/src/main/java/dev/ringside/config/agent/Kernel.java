package dev.ringside.config.agent;

import dev.ringside.bpf.AttachPlan;
import dev.ringside.bpf.Confinement;
import dev.ringside.bpf.MapStatistics;
import dev.ringside.bpf.Poller;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.ProgramStatistics;
import dev.ringside.bpf.RingStatistics;
import dev.ringside.bpf.SystemUser;
import dev.ringside.config.options.ChosenReceiver;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/// Where receivers' BPF objects come to life.
public interface Kernel {

  /// Told as early as possible that [#open] will be called.
  default void prepare() {}

  /// Told for which receivers, when there is something else to do before. What goes wrong is said
  /// by [#open].
  default void prepare(List<ChosenReceiver<?>> receivers) {}

  /// Opens a receiver's BPF object; needs no privileges.
  ///
  /// @throws dev.ringside.bpf.BpfException when there is none, or libbpf does not take it
  KernelSide open(String receiver, ClassLoader loader);

  /// Gives up what this process needs no longer once its receivers are attached; see [Confinement].
  /// A kernel that is only played has nothing to give up.
  default Optional<Confinement> confine(
      SystemUser user, List<Path> directories, Callable<?> rehearsal) {
    return Optional.empty();
  }

  /// The kernel we run on.
  static Kernel running() {
    return new RunningKernel();
  }

  /// One receiver's part in the kernel. One thread opens, loads, detaches and closes; the
  /// statistics may be read from any thread, also after closing.
  interface KernelSide extends AutoCloseable {
    Probe probe();

    /// @throws dev.ringside.bpf.BpfException when it cannot run here
    AttachPlan load(Poller poller);

    List<RingStatistics> rings();

    List<MapStatistics> maps();

    List<ProgramStatistics> programs();

    /// Stops producing and drains the rings; tables can still be read.
    void detach();

    @Override
    void close();
  }
}
