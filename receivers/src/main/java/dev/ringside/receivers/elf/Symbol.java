package dev.ringside.receivers.elf;

/// A name in a symbol table.
///
/// @param name without its version
/// @param version `GLIBC_2.3.2`; empty when it has none
/// @param kind what it names
/// @param address in the file's own address space
public record Symbol(String name, String version, Kind kind, long address) {

  /// What a symbol can name.
  public enum Kind {
    FUNCTION,
    /// A function that picks one of several when a program starts: what has the name is the picker.
    PICKER,
    /// Something else, such as a variable.
    OTHER,
    /// A function or variable of another file.
    ELSEWHERE
  }
}
