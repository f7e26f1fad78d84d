package dev.ringside.receivers.sanitize;

/// A word as a program sees it, and where its characters stand in the argument they came from:
/// quotes and backslashes are gone from a word in a command string, but not from the argument.
///
/// @param argument which argument, from 0
/// @param text what the program sees
/// @param positions where each character stands in the argument; null when the word is the argument
/// @param cut whether the end is missing
record Word(int argument, String text, int[] positions, boolean cut) {

  static Word whole(int argument, String text, boolean cut) {
    return new Word(argument, text, null, cut);
  }

  int position(int index) {
    return positions == null ? index : positions[index];
  }

  int length() {
    return text.length();
  }

  boolean hasBlank() {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isWhitespace(text.charAt(i))) return true;
    }
    return false;
  }

  /// Whether it can only be an option and not a value: `-x`, `--some-word`, `--`.
  boolean isOption() {
    if (!text.startsWith("-") || text.length() == 1) return text.equals("-");
    if (text.length() == 2) return true;
    if (!text.startsWith("--")) return false;
    for (int i = 2; i < text.length() && text.charAt(i) != '='; i++) {
      char c = text.charAt(i);
      if (c != '-' && (c < 'a' || c > 'z')) return false;
    }
    return true;
  }
}
