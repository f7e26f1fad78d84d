package dev.ringside.receivers;

import dev.ringside.receivers.linux.OpenFlags;
import dev.ringside.receivers.telemetry.SharedAttributes;
import dev.ringside.semconv.Keys;
import java.util.List;

/// Flags of open(2) with their names. Programs ask for few combinations of them, so the last ones
/// are kept: spelling them out takes longer than all the rest of an event's attributes.
///
/// @param attributes the access mode, and the other flags' names if there are any
record KnownFlags(OpenFlags flags, SharedAttributes attributes) {

  private static KnownFlags spell(long bits) {
    var flags = OpenFlags.of(bits);
    var names = List.copyOf(flags.names());
    var attributes =
        SharedAttributes.builder()
            .set(Keys.RINGSIDE_FILE_ACCESS_MODE, flags.accessMode())
            .set(Keys.RINGSIDE_FILE_OPEN_FLAGS, names.isEmpty() ? null : names)
            .build();
    return new KnownFlags(flags, attributes);
  }

  /// Those that were asked for lately. For the polling thread.
  static final class Recent {
    private static final int KEPT = 64;

    private final KnownFlags[] kept = new KnownFlags[KEPT];

    KnownFlags of(long bits) {
      // The flags' bits are spread over the lowest three bytes.
      int place = (int) (bits ^ bits >>> 6 ^ bits >>> 12 ^ bits >>> 18) & KEPT - 1;
      var known = kept[place];
      if (known == null || known.flags().bits() != bits) kept[place] = known = spell(bits);
      return known;
    }
  }
}
