package dev.ringside.config.tree;

/// Text from outside (a path, an argument, a wrong value), safe to print.
///
/// A process may name a file with an escape sequence that clears a terminal or renames its window.
/// Control characters, and the invisible ones that reorder or hide text, are shown as `\n`, `\x1b`
/// or `\u202e` instead.
public final class Printable {
  private Printable() {}

  public static String of(String text) {
    int first = 0;
    while (first < text.length() && isHarmless(text.charAt(first))) first++;
    if (first == text.length()) return text;
    var safe = new StringBuilder(text.length() + 16).append(text, 0, first);
    for (int i = first; i < text.length(); i++) append(safe, text, i);
    return safe.toString();
  }

  private static boolean isHarmless(char c) {
    return c >= ' ' && c < 0x7f;
  }

  private static void append(StringBuilder safe, String text, int i) {
    char c = text.charAt(i);
    switch (c) {
      case '\n' -> safe.append("\\n");
      case '\r' -> safe.append("\\r");
      case '\t' -> safe.append("\\t");
      default -> {
        if (Character.isSurrogate(c) ? isPaired(text, i) : isVisible(c)) safe.append(c);
        else if (c < 0x100) safe.append("\\x%02x".formatted((int) c));
        else safe.append("\\u%04x".formatted((int) c));
      }
    }
  }

  private static boolean isPaired(String text, int i) {
    char c = text.charAt(i);
    return Character.isHighSurrogate(c)
        ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1)) && isPlain(text, i)
        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1)) && isPlain(text, i - 1);
  }

  private static boolean isPlain(String text, int i) {
    return isVisible(text.codePointAt(i));
  }

  private static boolean isVisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED,
          Character.PRIVATE_USE ->
          false;
      default -> true;
    };
  }
}
