package dev.ringside.bpf;

/// The kernel or libbpf refused something. The message says what we were doing, on what, what the
/// system said, and what to try.
public class BpfException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int errno;

  public BpfException(String message, int errno) {
    super(message);
    this.errno = errno;
  }

  /// A positive errno, or 0 when there was none.
  public int errno() {
    return errno;
  }
}
