package dev.ringside.receivers;

import java.util.List;

/// What Ringside knows of a receiver before there is one. Found through [java.util.ServiceLoader]:
/// the built-in receivers and those of third parties come through the same door.
///
/// @param <O> the receiver's options: a record of `boolean`, `int`, `long`, `double`, `String`,
///   [java.time.Duration], enums, and lists of strings. A component's name in snake case is its key
///   in the configuration; [Option] says what it means.
public interface ReceiverType<O extends Record> {

  /// The stem that names everything of this receiver: `file_open` is its `.bpf.c`, its
  /// configuration key, its registry file and its page.
  String name();

  /// One line for a list.
  String summary();

  /// The options when nothing is configured.
  O defaults();

  /// The options of somebody who just looks, with `ringside run` and no configuration: what is
  /// worth seeing on a terminal, even where it would be too much to store.
  default O forLooking() {
    return defaults();
  }

  /// Whether it runs when nobody says which receivers run. One that makes the whole machine slower,
  /// watched or not, or that is nothing without being told what to watch, waits to be asked for: by
  /// name, or by one of its options.
  default boolean runsByDefault() {
    return true;
  }

  /// The capabilities the receiver needs, as capabilities(7) names them.
  default List<String> capabilities() {
    return List.of("CAP_BPF", "CAP_PERFMON");
  }

  /// @throws IllegalArgumentException when options do not fit together; the message begins with the
  ///   option's key
  Receiver create(O options);
}
