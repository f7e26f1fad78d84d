package dev.ringside.bpf;

import java.util.List;
import java.util.Map;

/// Functions of the kernel that a receiver wants watched, each by the first way that the kernel
/// accepts for it.
///
/// @param functions their place in this list is the number that programs know them by
/// @param ways at least one, best first
/// @param without what was wanted too and is gone without, and why; it becomes part of the plan
/// @param required the names of functions that are not gone without, and of each what to do when
///   the kernel refuses them in every way
public record FunctionsNeed(
    List<KernelFunction> functions,
    List<FunctionWay> ways,
    Map<String, String> without,
    Map<String, String> required) {

  /// When any of them is enough.
  public FunctionsNeed(
      List<KernelFunction> functions, List<FunctionWay> ways, Map<String, String> without) {
    this(functions, ways, without, Map.of());
  }

  public FunctionsNeed {
    required = Map.copyOf(required);
    without = Map.copyOf(without);
    functions = List.copyOf(functions);
    ways = List.copyOf(ways);
    if (functions.isEmpty()) throw new IllegalArgumentException("no functions to watch");
    if (ways.isEmpty()) throw new IllegalArgumentException("no way to watch functions");
  }
}
