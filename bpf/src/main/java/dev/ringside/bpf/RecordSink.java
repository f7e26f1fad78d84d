package dev.ringside.bpf;

/// Reads events that lie in a ring in a row, and hands each to a handler as a record. Not for
/// callers: public only because the code that implements it is generated beside the record, in the
/// record's package ([SinkCode]).
///
/// An event's struct begins behind its header; `base` is where the struct does.
public interface RecordSink {
  /// Takes events up to one that is not complete or was given up. Throws what the handler throws;
  /// then [#next] is that event.
  ///
  /// @param base of the first event
  /// @param until events from here on stay
  /// @param limit the base of an event behind the memory that is there: one that goes beyond stays
  void take(long base, long until, long limit);

  /// How many the last [#take] has handed over, without the one whose handler threw.
  int taken();

  /// The base of the first event that the last [#take] left.
  long next();
}
