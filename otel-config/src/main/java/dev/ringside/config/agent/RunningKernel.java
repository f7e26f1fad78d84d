package dev.ringside.config.agent;

import dev.ringside.bpf.BpfObject;
import dev.ringside.bpf.Confinement;
import dev.ringside.bpf.Linkage;
import dev.ringside.bpf.SystemUser;
import dev.ringside.config.options.ChosenReceiver;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/// The kernel we run on. Opening an object takes about as long as building exporters, so it may be
/// begun before somebody asks for it.
final class RunningKernel implements Kernel {
  private final Map<String, CompletableFuture<BpfObject>> begun = new ConcurrentHashMap<>();

  @Override
  public void prepare() {
    Linkage.ahead();
  }

  @Override
  public void prepare(List<ChosenReceiver<?>> receivers) {
    for (var receiver : receivers) {
      var loader = receiver.type().getClass().getClassLoader();
      begun.put(
          receiver.name(),
          CompletableFuture.supplyAsync(
              () -> BpfObject.open(receiver.name(), loader),
              task ->
                  Thread.ofPlatform()
                      .daemon()
                      .name("ringside-open-" + receiver.name())
                      .start(task)));
    }
  }

  @Override
  public KernelSide open(String receiver, ClassLoader loader) {
    var object = begun.remove(receiver);
    if (object == null) return new OpenedObject(BpfObject.open(receiver, loader));
    try {
      return new OpenedObject(object.join());
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) throw failure;
      if (e.getCause() instanceof Error failure) throw failure;
      throw e;
    }
  }

  @Override
  public Optional<Confinement> confine(
      SystemUser user, List<Path> directories, Callable<?> rehearsal) {
    return Optional.of(Confinement.apply(user, directories, rehearsal));
  }
}
