package dev.ringside.receivers;

import dev.ringside.bpf.BpfException;
import dev.ringside.bpf.KernelFunction;
import dev.ringside.bpf.KernelFunction.Returned;
import java.util.List;

/// Which functions say by what they return that they failed: by a negated errno, which is the
/// kernel's own convention (include/linux/err.h) where a signed number or a pointer is returned.
/// Few return other negative numbers, and fewer such that look like one. Some return an errno as an
/// unsigned number; and of some the kernel has no types. Of those one can say it.
///
/// @param errno names of functions of which a negative result is an errno, whatever their type says
/// @param noErrno names of functions of which it is none
record ReturnedErrors(List<String> errno, List<String> noErrno) {
  // enum function_result
  private static final byte NONE = 0;
  private static final byte IN_32_BITS = 1;
  private static final byte IN_64_BITS = 2;

  /// The functions, and of what was said of some of them.
  ///
  /// @throws BpfException when something was said of a function that is not among them, or that
  ///   returns nothing
  List<KernelFunction> applyTo(List<KernelFunction> functions) {
    require("returns_errno", errno, functions);
    require("returns_no_errno", noErrno, functions);
    return functions.stream().map(f -> isIn(errno, f) ? withErrno(f) : f).toList();
  }

  /// `function_results`.
  byte[] results(List<KernelFunction> functions) {
    var results = new byte[functions.size()];
    for (int i = 0; i < results.length; i++) {
      var function = functions.get(i);
      results[i] = isIn(noErrno, function) ? NONE : result(function.returned());
    }
    return results;
  }

  private static byte result(Returned returned) {
    return switch (returned) {
      case SIGNED_32 -> IN_32_BITS;
      case SIGNED_64, POINTER -> IN_64_BITS;
      case NOTHING, UNSIGNED_32, UNSIGNED_64, BOOL, UNKNOWN -> NONE;
    };
  }

  private static KernelFunction withErrno(KernelFunction function) {
    var returned =
        switch (function.returned()) {
          case SIGNED_32, UNSIGNED_32, BOOL, UNKNOWN -> Returned.SIGNED_32;
          case SIGNED_64, UNSIGNED_64 -> Returned.SIGNED_64;
          case POINTER -> Returned.POINTER;
          case NOTHING ->
              throw new BpfException("returns_errno: " + function + " returns nothing", 0);
        };
    return new KernelFunction(
        function.name(), function.module(), function.typeId(), function.argumentWords(), returned);
  }

  private static void require(String option, List<String> names, List<KernelFunction> functions) {
    for (var name : names) {
      if (functions.stream().anyMatch(f -> isIn(List.of(name), f))) continue;
      var watched = functions.stream().map(KernelFunction::toString).toList();
      throw new BpfException(
          option
              + ": "
              + name
              + " is none of the functions that are watched"
              + Nearest.hint(name, watched),
          0);
    }
  }

  private static boolean isIn(List<String> names, KernelFunction function) {
    return names.contains(function.name()) || names.contains(function.toString());
  }
}
