package dev.ringside.bpf;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Who calls most, as far as it is known of those who have room for what is counted of them, and of
/// the others.
///
/// Calls of an hour ago count half. Room changes hands when one of the others has made half as many
/// calls again: who calls alike would take it from each other for ever.
final class MostCalls<K> {
  private static final Duration HALF_LIFE = Duration.ofHours(1);
  private static final double MORE = 1.5;

  private static final class Caller {
    private double calls;
    private long counted;
    private boolean hasRoom;
  }

  private final Map<K, Caller> callers = new HashMap<>();

  void passed(Duration time) {
    double factor = Math.pow(0.5, (double) time.toNanos() / HALF_LIFE.toNanos());
    callers.values().forEach(c -> c.calls *= factor);
  }

  /// @param count what was counted of one who has room, since they have it
  void counted(K key, long count) {
    var caller = caller(key);
    caller.calls += count - caller.counted;
    caller.counted = count;
    caller.hasRoom = true;
  }

  /// @param calls of one of the others, since this was said last
  void called(K key, long calls) {
    caller(key).calls += calls;
  }

  private Caller caller(K key) {
    return callers.computeIfAbsent(key, unused -> new Caller());
  }

  void leaves(K key) {
    var caller = caller(key);
    caller.hasRoom = false;
    caller.counted = 0;
  }

  boolean hasRoom(K key) {
    var caller = callers.get(key);
    return caller != null && caller.hasRoom;
  }

  /// Those of the others who call most, and no more than `most` of them.
  List<K> others(long most) {
    return sorted(false, Comparator.<Caller>comparingDouble(c -> c.calls).reversed())
        .limit(most)
        .toList();
  }

  /// Forgets the others but for `most` of them.
  void forget(long most) {
    var known = new HashSet<>(others(most));
    callers.entrySet().removeIf(e -> !e.getValue().hasRoom && !known.contains(e.getKey()));
  }

  /// Whose room others should have.
  Set<K> toLeave() {
    var others =
        sorted(false, Comparator.<Caller>comparingDouble(c -> c.calls).reversed()).iterator();
    var leave = new HashSet<K>();
    for (var key : sorted(true, Comparator.comparingDouble(c -> c.calls)).toList()) {
      if (!others.hasNext() || callers.get(others.next()).calls <= MORE * callers.get(key).calls)
        break;
      leave.add(key);
    }
    return leave;
  }

  private Stream<K> sorted(boolean hasRoom, Comparator<Caller> order) {
    return callers.entrySet().stream()
        .filter(e -> e.getValue().hasRoom == hasRoom)
        .sorted(Map.Entry.comparingByValue(order))
        .map(Map.Entry::getKey);
  }
}
