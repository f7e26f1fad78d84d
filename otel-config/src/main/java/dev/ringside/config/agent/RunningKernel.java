package dev.ringside.config.agent;

import dev.ringside.bpf.BpfObject;
import dev.ringside.bpf.Confinement;
import dev.ringside.bpf.Linkage;
import dev.ringside.bpf.SystemUser;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/// The kernel we run on.
record RunningKernel() implements Kernel {
  @Override
  public void prepare() {
    Linkage.ahead();
  }

  @Override
  public KernelSide open(String receiver, ClassLoader loader) {
    return new OpenedObject(BpfObject.open(receiver, loader));
  }

  @Override
  public Optional<Confinement> confine(
      SystemUser user, List<Path> directories, Callable<?> rehearsal) {
    return Optional.of(Confinement.apply(user, directories, rehearsal));
  }
}
