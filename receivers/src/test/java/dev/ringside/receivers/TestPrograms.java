package dev.ringside.receivers;

/// The C programs of these tests, for other packages.
public final class TestPrograms {
  private static final CProgram FUNCTIONS = new CProgram("functions");

  private TestPrograms() {}

  /// Where `functions` is.
  public static String functions() throws Exception {
    return FUNCTIONS.path();
  }
}
