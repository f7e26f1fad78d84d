package dev.ringside.receivers.telemetry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/// The pooled records of one pipeline: those that are being sent, finished ones that wait behind
/// them, and the one being filled.
final class Batch<R extends Pooled> {
  /// A record without its strings: numbers, times, and the names of its attributes.
  static final int RECORD_BYTES = 500;

  /// Servers over gRPC refuse messages of more than 4 MiB unless they are told otherwise, and a
  /// character takes up to three bytes. Arguments of 16 KiB each reach this long before the number
  /// of records does.
  static final int MOST_BYTES = 1 << 20;

  private final int size;
  private final Supplier<R> newSlot;

  /// Made when they are first needed, so a large batch costs memory only where events come in
  /// storms.
  private final List<R> slots = new ArrayList<>();

  private List<R> sending;
  private int filled;
  private int bytes;
  private long sinceNs;

  Batch(int size, Supplier<R> newSlot) {
    this.size = size;
    this.newSlot = newSlot;
  }

  /// The record to fill next; the same one until it is added. The batch must not be full.
  R next() {
    if (filled == slots.size()) slots.add(newSlot.get());
    return slots.get(filled);
  }

  /// Whether it was the record to fill next, and is part of the batch now.
  boolean add(R record) {
    if (filled == slots.size() || slots.get(filled) != record) return false;
    if (filled++ == 0) sinceNs = System.nanoTime();
    bytes += record.wireBytes();
    return true;
  }

  boolean isFull() {
    return filled == size || bytes >= MOST_BYTES;
  }

  boolean isEmpty() {
    return filled == 0;
  }

  /// When the oldest record was added ([System#nanoTime]).
  long sinceNs() {
    return sinceNs;
  }

  /// All finished records at the first call, and the same ones until [#sent]: every exporter and
  /// every attempt gets the same, whatever is added meanwhile.
  List<R> toSend() {
    if (sending == null) sending = List.copyOf(slots.subList(0, filled));
    return sending;
  }

  /// Makes room where the records were that [#toSend] gave.
  ///
  /// @param stillRead whether an exporter that never answered may read them at any time; they are
  ///   left to it, and new ones take their places
  void sent(boolean stillRead, long nowNs) {
    int count = sending.size();
    if (stillRead) {
      for (int i = 0; i < count; i++) slots.set(i, newSlot.get());
    }
    if (count < slots.size()) Collections.rotate(slots, -count);
    filled -= count;
    bytes = 0;
    for (int i = 0; i < filled; i++) bytes += slots.get(i).wireBytes();
    sinceNs = nowNs;
    sending = null;
  }
}
