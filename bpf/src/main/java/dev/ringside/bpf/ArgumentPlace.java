package dev.ringside.bpf;

import java.util.List;

/// How far a path through arguments has come.
///
/// @param type of what is there, as it was declared
/// @param word of the arguments that it began with
/// @param pointers where those lie that were followed; null while it is still in the words of the
///   arguments themselves
/// @param bit where it is: from the last pointer, or in the words from `word` on
/// @param bits how many bits a bit field has, else 0
/// @param written the part of the path that leads here, for messages
record ArgumentPlace(
    int type, int word, List<Integer> pointers, long bit, int bits, String written) {
  /// ARGUMENT_REGISTERS of `function_arguments.bpf.h`.
  private static final int REGISTERS = 6;

  private static final int WORD = 8;

  /// Where an argument begins.
  ///
  /// @throws IllegalArgumentException when nobody keeps that word
  static ArgumentPlace of(String argument, int type, int word) {
    var place = new ArgumentPlace(type, word, null, 0, 0, argument);
    place.inWord();
    return place;
  }

  boolean isInWords() {
    return pointers == null;
  }

  /// While it is in the words of the arguments: which of them it is in.
  ///
  /// @throws IllegalArgumentException when nobody keeps that one
  int inWord() {
    int in = word + offset() / WORD;
    if (in >= REGISTERS)
      throw new IllegalArgumentException(
          written + " does not come in a register; only the first six words of arguments do");
    return in;
  }

  int offset() {
    return (int) (bit / 8);
  }

  /// Something that is in what is here.
  ///
  /// @throws IllegalArgumentException when no offset can say where
  ArgumentPlace at(int type, long bit, int bits, String more) {
    if (bit / 8 > Integer.MAX_VALUE)
      throw new IllegalArgumentException(written + more + " is too far away");
    return new ArgumentPlace(type, word, pointers, bit, bits, written + more);
  }
}
