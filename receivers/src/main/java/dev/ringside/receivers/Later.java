package dev.ringside.receivers;

import java.util.function.Supplier;

/// A value that is made when somebody asks for the first time. Safe on any thread.
final class Later<T> implements Supplier<T> {
  private final Supplier<T> made;
  private T value;

  /// @param made never null
  Later(Supplier<T> made) {
    this.made = made;
  }

  @Override
  public synchronized T get() {
    if (value == null) value = made.get();
    return value;
  }
}
