package dev.ringside.receivers;

import java.time.Instant;

/// Moments in text, as [Instant#toString] has them. For one thread.
///
/// Many processes begin in the same second, so its text is kept: the library's formatter is a
/// program of its own, which takes the compiler of a busy JVM seconds to inline.
final class CreationTimes {
  private static final int NANOS = 1_000_000_000;

  private long second = Long.MIN_VALUE;
  private String untilSecond = "";

  /// @param epochNs nanoseconds since 1970-01-01T00:00:00Z
  String text(long epochNs) {
    long itsSecond = Math.floorDiv(epochNs, NANOS);
    if (itsSecond != second) {
      var text = Instant.ofEpochSecond(itsSecond).toString();
      untilSecond = text.substring(0, text.length() - 1); // without its Z
      second = itsSecond;
    }
    int nanos = (int) Math.floorMod(epochNs, (long) NANOS);
    if (nanos == 0) return untilSecond + "Z";
    int digits = 9;
    int fraction = nanos;
    int one = NANOS;
    while (fraction % 1000 == 0) {
      fraction /= 1000;
      one /= 1000;
      digits -= 3;
    }
    return untilSecond + "." + Integer.toString(one + fraction).substring(1, 1 + digits) + "Z";
  }
}
