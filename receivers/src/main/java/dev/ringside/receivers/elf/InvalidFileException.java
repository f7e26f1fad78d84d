package dev.ringside.receivers.elf;

/// A file is not what it should be. The message says what is wrong, without the file's name.
public final class InvalidFileException extends Exception {
  private static final long serialVersionUID = 1;

  InvalidFileException(String message) {
    super(message, null, false, false);
  }
}
