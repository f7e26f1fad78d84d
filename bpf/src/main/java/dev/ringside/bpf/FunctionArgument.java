package dev.ringside.bpf;

import java.util.List;

/// A place in what a function of the kernel is called with, as a program can find it: a word of the
/// arguments, pointers to follow from there, and what to read at their end.
///
/// @param path as it was given: `file->f_path.dentry->d_name`
/// @param word which of the words that arguments take; a struct by value takes one or two
/// @param isWord whether it is that word itself which is wanted; then nothing is followed
/// @param pointers where each pointer lies that is followed, in bytes from where the one before it
///   leads to
/// @param offset where that lies which is read, from the last pointer
/// @param size how many bytes are read; of a text with its NUL, at most
public record FunctionArgument(
    String path,
    int word,
    boolean isWord,
    List<Integer> pointers,
    int offset,
    int size,
    ArgumentType type) {
  public FunctionArgument {
    pointers = List.copyOf(pointers);
  }

  /// As the name of an attribute goes on: `file.f_path.dentry.d_name`.
  public String name() {
    return path.replace("->", ".").replace("[", ".").replace("]", "");
  }
}
