package dev.ringside.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a receiver declared about its object, kept so that loading can begin anew with the next
/// way.
final class Declarations {
  final Map<String, Long> numbers = new LinkedHashMap<>();
  final Map<String, byte[]> bytes = new LinkedHashMap<>();
  final Map<String, Long> sizes = new LinkedHashMap<>();
  final Map<String, RecordSink> rings = new LinkedHashMap<>();
  final List<Need> needs = new ArrayList<>();
  final Set<String> leftOut = new HashSet<>();
  Optional<FunctionsNeed> functions = Optional.empty();
  Optional<UserFunctionsNeed> userFunctions = Optional.empty();

  /// What `histogram.bpf.h` leaves to user space to compute.
  void setHistogramBounds() {
    var bounds = ByteBuffer.allocate(Histogram.BUCKETS * 8).order(ByteOrder.nativeOrder());
    for (int i = 0; i < Histogram.BUCKETS; i++) bounds.putLong(Histogram.boundNs(i));
    bytes.put("histogram_bounds", bounds.array());
    var buckets = Histogram.firstBuckets();
    var first = ByteBuffer.allocate(buckets.length * 2).order(ByteOrder.nativeOrder());
    first.asShortBuffer().put(buckets);
    bytes.put("histogram_first", first.array());
  }
}
