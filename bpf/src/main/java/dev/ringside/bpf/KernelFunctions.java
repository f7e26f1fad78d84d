package dev.ringside.bpf;

import java.util.List;

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
}
