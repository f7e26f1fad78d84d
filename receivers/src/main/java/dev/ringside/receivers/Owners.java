package dev.ringside.receivers;

import dev.ringside.bpf.Text;
import java.util.LinkedHashMap;
import java.util.Map;

/// What owners of connections are called. For the polling thread.
///
/// The kernel tells an owner's names once for as long as it knows that it did, which is of 4096
/// owners; twice as many are kept here, so that who is forgotten here was forgotten there before.
final class Owners {
  static final int MOST = 8192;

  /// @param cgroup the end of its path
  record Names(Text executableName, Text cgroup) {}

  private static final Names UNKNOWN = new Names(Text.EMPTY, Text.EMPTY);

  private final Map<Owner.Key, Names> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Owner.Key, Names> eldest) {
          return size() > MOST;
        }
      };

  void told(OwnerNames names) {
    known.put(names.owner(), new Names(Text.of(names.executableName()), names.cgroup().path()));
  }

  /// Empty ones of an owner that was not told.
  Names of(Owner owner) {
    return known.getOrDefault(owner.key(), UNKNOWN);
  }
}
