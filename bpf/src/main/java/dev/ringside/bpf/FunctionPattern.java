package dev.ringside.bpf;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// What a user writes to say which functions: `vfs_read`, `vfs_*`, `/^tcp_(send|recv)msg$/`, each
/// with a module in front or not, `ext4:ext4_file_*`, or `preset:vfs`.
sealed interface FunctionPattern {
  /// In the kernel itself or in whichever module, where no module is named.
  ///
  /// @param module empty when none is named
  record Exact(Optional<String> module, String name) implements FunctionPattern {}

  /// Many functions, of the kernel itself or of modules.
  ///
  /// @param modules which modules, the kernel itself having an empty name
  /// @param begin what names begin with, as far as that is certain
  record Many(Glob modules, Predicate<String> names, String begin) implements FunctionPattern {}

  /// A list of ours.
  record Preset(String name) implements FunctionPattern {}

  /// The kernel's name where a module is expected.
  String KERNEL = "vmlinux";

  /// @throws IllegalArgumentException when it is none; the message says why
  static FunctionPattern of(String text) {
    if (text.startsWith("preset:")) return new Preset(text.substring("preset:".length()));
    // A regular expression may have colons of its own.
    int colon = text.startsWith("/") ? -1 : text.indexOf(':');
    var module = colon < 0 ? Optional.<String>empty() : Optional.of(text.substring(0, colon));
    var names = text.substring(colon + 1);
    if (names.isEmpty() || module.filter(String::isEmpty).isPresent())
      throw new IllegalArgumentException("not a function: name, glob*, /expression/, module:name");
    if (names.startsWith("/")) return many(module, expression(names), "");
    if (Glob.isOne(text)) return many(module, new Glob(names), new Glob(names).begin());
    return new Exact(module.map(m -> m.equals(KERNEL) ? "" : m), names);
  }

  private static Many many(Optional<String> module, Predicate<String> names, String begin) {
    return new Many(new Glob(module.filter(m -> !m.equals(KERNEL)).orElse("")), names, begin);
  }

  private static Predicate<String> expression(String text) {
    if (text.length() < 3 || !text.endsWith("/"))
      throw new IllegalArgumentException("a regular expression ends with /, too");
    try {
      return Pattern.compile(text.substring(1, text.length() - 1)).asPredicate();
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "not a regular expression: " + e.getDescription() + " at " + (e.getIndex() + 1), e);
    }
  }
}
