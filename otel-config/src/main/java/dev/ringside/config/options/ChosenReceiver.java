package dev.ringside.config.options;

import dev.ringside.receivers.Receiver;
import dev.ringside.receivers.ReceiverType;

/// A receiver that is to run, with its options.
///
/// @param isNamed whether somebody asked for it by name, so that it is a failure when it cannot run
public record ChosenReceiver<O extends Record>(ReceiverType<O> type, O options, boolean isNamed) {

  public String name() {
    return type.name();
  }

  public Receiver create() {
    return type.create(options);
  }
}
