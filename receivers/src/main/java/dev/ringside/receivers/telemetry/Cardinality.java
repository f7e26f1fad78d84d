package dev.ringside.receivers.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.util.HashSet;
import java.util.Set;

/// Bounds how many attribute sets one metric has. The SDK does this for its own instruments and not
/// for producers; see "Cardinality limits" in the OpenTelemetry metrics SDK specification.
///
/// A set that was let in once stays in: a series that changed sides would go backwards. Only as
/// long as none had to stay outside, those that are over make room. Not safe for several threads.
final class Cardinality {
  static final Attributes OVERFLOW =
      Attributes.of(AttributeKey.booleanKey("otel.metric.overflow"), true);

  private final int limit;
  private final Set<Attributes> admitted = new HashSet<>();
  private long folded;
  private boolean isOver;

  /// @param limit how many sets there are at most, the one for the overflow included
  Cardinality(int limit) {
    if (limit < 1) throw new IllegalArgumentException("cardinality limit " + limit + " is below 1");
    this.limit = limit;
  }

  /// The attributes, or the overflow's.
  Attributes admit(Attributes attributes) {
    if (admitted.contains(attributes)) return attributes;
    if (admitted.size() >= limit - 1) {
      folded++;
      isOver = true;
      return OVERFLOW;
    }
    admitted.add(attributes);
    return attributes;
  }

  /// After all have been asked for that there are now.
  void keepOnly(Set<Attributes> present) {
    if (!isOver) admitted.retainAll(present);
  }

  /// How many sets did not fit since this was asked last; a set counts each time it comes.
  long takeFolded() {
    long taken = folded;
    folded = 0;
    return taken;
  }
}
