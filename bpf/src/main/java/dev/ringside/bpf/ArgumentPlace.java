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

  /// Where an argument begins.
  static ArgumentPlace of(String argument, int type, int word) {
    return new ArgumentPlace(type, word, null, 0, 0, argument);
  }

  boolean isInWords() {
    return pointers == null;
  }

  int offset() {
    return (int) (bit / 8);
  }

  /// Something that is in what is here.
  ArgumentPlace at(int type, long bit, int bits, String more) {
    return new ArgumentPlace(type, word, pointers, bit, bits, written + more);
  }
}
