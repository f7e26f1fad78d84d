package dev.ringside.receivers.elf;

import java.util.Set;

/// Symbols that look like functions and must not be watched. The kernel learns of a return by
/// putting an address of its own in the place of the return address. Whoever uses that for anything
/// but returning breaks, and so does the program.
final class Unwatchable {
  private static final Set<String> KEEP_THE_RETURN_ADDRESS =
      Set.of(
          "setjmp",
          "_setjmp",
          "__setjmp",
          "sigsetjmp",
          "__sigsetjmp",
          "getcontext",
          "__getcontext",
          "swapcontext",
          "__swapcontext");

  private static final Set<String> UNWIND =
      Set.of("__cxa_throw", "__cxa_rethrow", "pthread_exit", "__pthread_unwind", "rust_panic");

  private static final Set<String> ARE_NOT_CALLED =
      Set.of("_start", "_dl_start_user", "__restore_rt", "__restore", "__morestack", "clone3");

  private Unwatchable() {}

  /// Why; empty when it may be watched.
  static String reason(String function) {
    if (KEEP_THE_RETURN_ADDRESS.contains(function))
      return "it keeps its return address for later, which the kernel changes while it watches: the program would crash";
    if (UNWIND.contains(function) || function.startsWith("_Unwind_"))
      return "it unwinds the stack by return addresses, and the kernel changes its own while it watches: the program would end";
    if (ARE_NOT_CALLED.contains(function) || function.startsWith("_dl_runtime_resolve"))
      return "it is not called, so it has no return address: the program would crash";
    if (function.contains(".cold"))
      return "it is a part of another function, which jumps to it, and has no return address";
    return "";
  }
}
