package dev.ringside.bpf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The functions of a kernel, to select from. It keeps nothing: what a kernel tells is read anew
/// for each selection, so modules may come and go, and given back after it.
public final class KernelFunctions {
  private final KernelSources sources;

  KernelFunctions(KernelSources sources) {
    this.sources = sources;
  }

  /// Of the running kernel: `/sys/kernel/btf`, `/proc/kallsyms`, and where tracefs and debugfs are
  /// mounted what they list. What cannot be read is done without.
  public static KernelFunctions ofThisKernel() {
    return new KernelFunctions(KernelSources.ofThisKernel());
  }

  /// The functions that patterns name. A pattern is one of
  ///
  /// - `vfs_read`: that function, of the kernel itself or else of the module that has it;
  /// - `vfs_*`, `tcp_???`: functions of the kernel itself;
  /// - `/^tcp_(send|recv)msg$/`: those in whose name a regular expression is found;
  /// - `ext4:ext4_file_*`, `*:ext4_file_*`: the same in a module, or in the kernel and all its
  ///   modules. A module that is not loaded may be built in, so its functions are then looked for
  ///   in the kernel itself;
  /// - `preset:vfs`: a list of ours, of which this kernel has some.
  ///
  /// Functions that are known to be dangerous are refused, and left out of patterns for many.
  ///
  /// @param force dangerous functions, too
  /// @throws BpfException when the kernel's type information is broken
  public Selection select(List<String> patterns, boolean force) {
    var catalogue = new FunctionCatalogue(sources, force ? Dangers.ignored() : Dangers.known());
    var selector = new FunctionSelector(catalogue);
    patterns.forEach(selector::add);
    return selector.selection();
  }

  /// What paths through the arguments of functions mean in this kernel, for each in the order of
  /// its paths. A path is written as in C: `count`, `file->f_path.dentry->d_name`, `words[0]`.
  ///
  /// @throws IllegalArgumentException when a path leads nowhere, saying what there is instead
  /// @throws BpfException when the kernel's type information is broken
  public Map<KernelFunction, List<FunctionArgument>> arguments(
      Map<KernelFunction, List<String>> paths) {
    var arguments = new LinkedHashMap<KernelFunction, List<FunctionArgument>>();
    if (paths.isEmpty()) return arguments;
    var kernel =
        sources
            .kernelTypes()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "/sys/kernel/btf/vmlinux cannot be read, so nobody knows what functions take"));
    paths.forEach((function, of) -> {
      var types =
          function.module().isEmpty()
              ? Optional.of(kernel)
              : sources.moduleTypes(function.module(), kernel);
      var compiler = new ArgumentCompiler(types.orElse(kernel).types());
      arguments.put(function, of.stream().map(path -> compiler.compile(function, path)).toList());
    });
    return arguments;
  }
}
