package dev.ringside.integration.benchmark;

import dev.ringside.bpf.FunctionsNeed;
import dev.ringside.bpf.Histogram;
import dev.ringside.bpf.Need;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.Table;
import dev.ringside.bpf.UserFunctionsNeed;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// Gives events to a receiver's handlers as if they came out of a ring.
final class FakeKernel implements Probe {
  private final Map<String, Consumer<Record>> handlers = new HashMap<>();

  void emit(String ring, Record event) {
    handlers.get(ring).accept(event);
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
  public void leaveOut(String program) {}

  @Override
  public void need(FunctionsNeed functions) {}

  @Override
  public void need(UserFunctionsNeed functions) {}

  @Override
  public <E extends Record> void onEvent(String ring, Class<E> event, Consumer<? super E> handler) {
    handlers.put(ring, e -> handler.accept(event.cast(e)));
  }

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
  public <K extends Record> Table<K, Histogram> histograms(String map, Class<K> key) {
    return row -> {};
  }

  @Override
  public Runnable sweep(String program) {
    return () -> {};
  }
}
