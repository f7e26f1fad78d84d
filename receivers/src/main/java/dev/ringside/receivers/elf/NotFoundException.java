package dev.ringside.receivers.elf;

/// What was asked for cannot be watched. The message says why, and what may have been meant.
final class NotFoundException extends Exception {
  private static final long serialVersionUID = 1;

  NotFoundException(String message) {
    super(message, null, false, false);
  }
}
