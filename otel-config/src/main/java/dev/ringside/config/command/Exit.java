package dev.ringside.config.command;

/// What the exit codes mean; the help texts say the same.
final class Exit {
  static final int OK = 0;
  static final int CANNOT_RUN = 1;
  static final int BAD_INPUT = 2;

  private Exit() {}
}
