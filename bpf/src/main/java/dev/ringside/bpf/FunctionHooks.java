package dev.ringside.bpf;

import java.util.List;
import java.util.Map;

/// Programs at the entry and return of functions, by one mechanism.
sealed interface FunctionHooks permits CopiedHooks, MultiHooks {

  /// Attaches to each function, at its return first.
  ///
  /// @param functions by their numbers
  /// @return those that the kernel refused, by their numbers; nothing is left attached to them
  Map<Integer, BpfException> attach(Map<Integer, KernelFunction> functions);

  /// What the kernel says of each program, all functions together.
  List<ProgramStatistics> statistics();

  /// At entries first, so that what is still under way finds its return, and what begins is not
  /// noticed.
  void detach();
}
