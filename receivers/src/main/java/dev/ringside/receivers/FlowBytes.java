package dev.ringside.receivers;

import dev.ringside.bpf.Probe;
import dev.ringside.bpf.Table;
import dev.ringside.receivers.TcpConnectionReceiver.Slot;
import java.util.function.BiConsumer;

/// How many bytes connections have sent and received: those that ended, which the kernel sums up,
/// and those that are open, which it looks at when somebody reads.
final class FlowBytes {
  private static final int DIRECTIONS = 2;

  private final Table<Slot, Long> ended;
  private final Table<Slot, Long> open;
  private final Runnable lookAtOpen;
  private final long[] last = new long[DIRECTIONS];

  FlowBytes(Probe probe) {
    ended = probe.table("io_bytes", Slot.class);
    open = probe.table("open_io_bytes", Slot.class);
    lookAtOpen = probe.sweep("on_open_connection");
  }

  /// Has the kernel look at open connections, at their round trips as well. Any thread.
  synchronized void look() {
    lookAtOpen.run();
  }

  /// The sum by direction, `enum flow_direction`. It never falls: a connection that ends in between
  /// is in neither part this time, and what is missing comes with the next reading. Any thread.
  synchronized void forEach(BiConsumer<Integer, Long> row) {
    var sums = new long[DIRECTIONS];
    ended.forEach((slot, bytes) -> sums[slot.index()] += bytes);
    look();
    open.forEach((slot, bytes) -> sums[slot.index()] += bytes);
    for (int direction = 0; direction < DIRECTIONS; direction++) {
      last[direction] = Math.max(last[direction], sums[direction]);
      row.accept(direction, last[direction]);
    }
  }
}
