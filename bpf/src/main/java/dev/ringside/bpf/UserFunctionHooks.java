package dev.ringside.bpf;

import java.util.List;
import java.util.Map;

/// Programs where user functions begin and where they end, by one mechanism.
sealed interface UserFunctionHooks permits UprobeHooks, UprobeMultiHooks {

  /// Attaches to each function, where it ends first.
  ///
  /// @param functions by their numbers
  /// @return those that the kernel refused, by their numbers; nothing is left attached to them
  Map<Integer, BpfException> attach(Map<Integer, UserFunction> functions);

  /// What the kernel says of each program, all functions together.
  List<ProgramStatistics> statistics();

  /// Where they begin first, so that what is still under way finds its end, and what begins is not
  /// noticed.
  void detach();
}
