package dev.ringside.config.fake;

import dev.ringside.bpf.AttachPlan;
import dev.ringside.bpf.BpfException;
import dev.ringside.bpf.FunctionsNeed;
import dev.ringside.bpf.Histogram;
import dev.ringside.bpf.MapStatistics;
import dev.ringside.bpf.Need;
import dev.ringside.bpf.Poller;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.ProgramStatistics;
import dev.ringside.bpf.RingStatistics;
import dev.ringside.bpf.Table;
import dev.ringside.bpf.UserFunctionsNeed;
import dev.ringside.bpf.Way;
import dev.ringside.config.agent.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Plays the kernel: refuses some receivers, lets the rings of the others hold what a test puts
/// there until they are drained, and writes down what was asked of it.
public final class FakeKernel implements Kernel {
  /// `load fake`, `detach fake`, `close fake`, in order.
  public final List<String> calls = new CopyOnWriteArrayList<>();

  private final Set<String> refused;
  private final List<Record> waiting;
  private final BiConsumer<String, Throwable> onHandlerFailure;

  public FakeKernel(Set<String> refused, List<? extends Record> waiting) {
    this(refused, waiting, (ring, failure) -> {});
  }

  public FakeKernel(
      Set<String> refused,
      List<? extends Record> waiting,
      BiConsumer<String, Throwable> onHandlerFailure) {
    this.refused = refused;
    this.waiting = new ArrayList<>(waiting);
    this.onHandlerFailure = onHandlerFailure;
  }

  @Override
  public KernelSide open(String receiver, ClassLoader loader) {
    return new Side(receiver);
  }

  private final class Side implements KernelSide, Probe {
    private final String name;
    private final List<Consumer<Record>> handlers = new ArrayList<>();
    private long handled;
    private long failed;

    private Side(String name) {
      this.name = name;
    }

    @Override
    public Probe probe() {
      return this;
    }

    @Override
    public AttachPlan load(Poller poller) {
      calls.add("load " + name);
      if (refused.contains(name))
        throw new BpfException("load " + name + ": Operation not permitted; run as root", 1);
      var need = Need.required("happenings", Way.by("fentry"), Way.by("tracepoint"));
      var refusal =
          new AttachPlan.Refusal(
              need.ways().getFirst(), "on_happening", 1, "Operation not permitted", "locked down");
      var step = new AttachPlan.Step(need, Optional.of(need.ways().getLast()), List.of(refusal));
      return new AttachPlan(List.of(step));
    }

    @Override
    public void detach() {
      calls.add("detach " + name);
      for (var event : waiting) {
        for (var handler : handlers) {
          try {
            handler.accept(event);
            handled++;
          } catch (RuntimeException e) {
            failed++;
            onHandlerFailure.accept("happenings", e);
          }
        }
      }
      waiting.clear();
    }

    @Override
    public void close() {
      calls.add("close " + name);
    }

    @Override
    public List<RingStatistics> rings() {
      long lost = 2;
      return List.of(
          new RingStatistics(
              "happenings", handled + failed + lost, lost, handled, failed, 65_536, 0));
    }

    @Override
    public List<MapStatistics> maps() {
      return List.of(new MapStatistics("starts", 1, 10, 0, 0));
    }

    @Override
    public List<ProgramStatistics> programs() {
      return List.of(new ProgramStatistics("on_happening", 10, 3));
    }

    @Override
    public <E extends Record> void onEvent(
        String ring, Class<E> event, Consumer<? super E> handler) {
      handlers.add(record -> handler.accept(event.cast(record)));
    }

    @Override
    public void set(String global, long value) {}

    @Override
    public void set(String global, byte[] value) {}

    @Override
    public void resize(String map, long entries) {}

    @Override
    public void need(Need need) {}

    @Override
    public <K extends Record> Table<K, Long> table(String map, Class<K> key) {
      return row -> {};
    }

    @Override
    public <K extends Record> Table<K, Histogram> histogramsOfMost(
        String map, Class<K> key, long most) {
      return row -> {};
    }

    @Override
    public Runnable sweep(String program) {
      return () -> {};
    }

    @Override
    public void leaveOut(String program) {}

    @Override
    public void need(FunctionsNeed functions) {}

    @Override
    public void need(UserFunctionsNeed functions) {}

    @Override
    public <K extends Record> Table<K, Histogram> histograms(String map, Class<K> key) {
      return row -> {};
    }
  }
}
