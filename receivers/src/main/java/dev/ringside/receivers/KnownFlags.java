package dev.ringside.receivers;

import dev.ringside.receivers.linux.OpenFlags;
import java.util.List;

/// Flags of open(2) with their names. Programs ask for few combinations of them, so the last ones
/// are kept: spelling them out takes longer than all the rest of an event's attributes.
///
/// @param names null when there are none, which is how an attribute stays away
record KnownFlags(OpenFlags flags, List<String> names) {

  private static KnownFlags spell(long bits) {
    var flags = OpenFlags.of(bits);
    var names = List.copyOf(flags.names());
    return new KnownFlags(flags, names.isEmpty() ? null : names);
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
