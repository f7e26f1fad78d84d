package dev.ringside.bpf;

/// A function of the running kernel that may be watched.
///
/// @param name as the kernel's symbols have it
/// @param module the module it is of; empty for the kernel itself
/// @param typeId the number of its FUNC in the BTF of the kernel or the module. 0 when a trampoline
///   cannot take it: BTF does not know it, or it takes what trampolines do not (arguments without
///   end, structs above 16 bytes, more than 12 words). Then only kprobes can watch it
/// @param argumentWords how many words of 8 bytes its arguments take in the context of a
///   trampoline's program, where what it returned follows them; a struct by value takes one or two.
///   0 when that is not known
/// @param returned what kind of value it gives back
public record KernelFunction(
    String name, String module, int typeId, int argumentWords, Returned returned) {

  /// What a function gives back, underneath its typedefs. Whole numbers narrower than 32 bits go
  /// with those of 32 that have their sign: the kernel widens them, or leaves rubbish above.
  public enum Returned {
    NOTHING,
    SIGNED_32,
    SIGNED_64,
    UNSIGNED_32,
    UNSIGNED_64,
    BOOL,
    POINTER,
    /// A struct by value, a wider number, or a function without type information.
    UNKNOWN
  }

  /// As it is named in a list of functions: `vfs_read`, `ext4:ext4_file_open`.
  @Override
  public String toString() {
    return module.isEmpty() ? name : module + ":" + name;
  }
}
