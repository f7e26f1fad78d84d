package dev.ringside.bpf;

/// The numbers of the kernel's functions that a session calls (`function.bpf.h`). libbpf would look
/// for them itself, but refuses an object whose idea of their parameters is not this kernel's.
///
/// @param isReturn `bpf_session_is_return`
/// @param cookie `bpf_session_cookie`
record SessionCalls(int isReturn, int cookie) {
  /// For programs that are no sessions.
  static final SessionCalls NONE = new SessionCalls(0, 0);

  /// @throws BpfException when this kernel has none
  static SessionCalls ofThisKernel() {
    try (var types = new KernelTypes()) {
      var calls =
          new SessionCalls(
              types.function("bpf_session_is_return"), types.function("bpf_session_cookie"));
      if (calls.isReturn() != 0 && calls.cookie() != 0) return calls;
      throw new BpfException("load: this kernel has no bpf_session_cookie", 0);
    }
  }
}
