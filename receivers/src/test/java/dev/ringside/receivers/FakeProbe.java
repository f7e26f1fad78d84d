package dev.ringside.receivers;

import dev.ringside.bpf.FunctionsNeed;
import dev.ringside.bpf.Histogram;
import dev.ringside.bpf.Need;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.Table;
import dev.ringside.bpf.UserFunctionsNeed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A kernel to play: it remembers what a receiver sets and needs, emits the events that a test
/// gives it, and has the rows that a test puts into its maps.
final class FakeProbe implements Probe {
  final Map<String, Object> globals = new HashMap<>();
  final Map<String, Long> sizes = new HashMap<>();
  final Map<String, Integer> sweeps = new HashMap<>();
  final List<Need> needs = new ArrayList<>();
  final List<String> leftOut = new ArrayList<>();
  final List<FunctionsNeed> watched = new ArrayList<>();
  final List<UserFunctionsNeed> userFunctions = new ArrayList<>();

  private final Map<String, Consumer<Record>> handlers = new HashMap<>();
  private final Map<String, Map<Record, Object>> maps = new HashMap<>();

  /// An event comes out of a ring.
  void emit(String ring, Record event) {
    handlers.get(ring).accept(event);
  }

  boolean listensTo(String ring) {
    return handlers.containsKey(ring);
  }

  /// A map gets a row: a `Long` or a [Histogram].
  void row(String map, Record key, Object value) {
    maps.computeIfAbsent(map, m -> new LinkedHashMap<>()).put(key, value);
  }

  @Override
  public void set(String global, long value) {
    globals.put(global, value);
  }

  @Override
  public void set(String global, byte[] value) {
    globals.put(global, new String(value, StandardCharsets.UTF_8));
  }

  @Override
  public void resize(String map, long entries) {
    sizes.put(map, entries);
  }

  @Override
  public void need(Need need) {
    needs.add(need);
  }

  @Override
  public void leaveOut(String program) {
    leftOut.add(program);
  }

  @Override
  public void need(FunctionsNeed functions) {
    watched.add(functions);
  }

  @Override
  public void need(UserFunctionsNeed functions) {
    userFunctions.add(functions);
  }

  @Override
  public <E extends Record> void onEvent(String ring, Class<E> event, Consumer<? super E> handler) {
    handlers.put(ring, e -> handler.accept(event.cast(e)));
  }

  @Override
  public <K extends Record> Table<K, Long> table(String map, Class<K> key) {
    return rows(map, key, Long.class);
  }

  @Override
  public <K extends Record> Table<K, Histogram> histograms(String map, Class<K> key) {
    return rows(map, key, Histogram.class);
  }

  @Override
  public <K extends Record> Table<K, Histogram> histogramsOfMost(
      String map, Class<K> key, long most) {
    resize(map, most);
    return histograms(map, key);
  }

  private <K, V> Table<K, V> rows(String map, Class<K> key, Class<V> value) {
    return row ->
        maps.getOrDefault(map, Map.of()).forEach((k, v) -> row.accept(key.cast(k), value.cast(v)));
  }

  @Override
  public Runnable sweep(String program) {
    return () -> sweeps.merge(program, 1, Integer::sum);
  }
}
