package dev.ringside.receivers.sanitize;

/// Secrets that have a name in front: `name=value` on its own or in a list, URL parameters,
/// `"name": "value"`, `Name: value`.
final class Pairs {
  private static final int LONGEST_NAME = 128;

  // Nothing harmless is longer. So a long value is read once, and then it is out of the way.
  private static final int LONGEST_HARMLESS = 512;

  private final Redactions redactions;

  Pairs(Redactions redactions) {
    this.redactions = redactions;
  }

  /// @param script whether the word is a command string, in which blanks end a value, and not a
  ///   value that may have blanks itself
  void find(Word word, boolean script) {
    String text = word.text();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      i = c == '=' || c == ':' ? at(word, i, script) : i + 1;
    }
  }

  /// Looks at the pair around a separator.
  ///
  /// @return where to go on
  private int at(Word word, int separator, boolean script) {
    String text = word.text();
    char c = text.charAt(separator);
    int next = separator + 1;
    if (next == text.length()) return next;
    if (text.charAt(next) == c) return next + 1; // == and ::
    if (c == ':' && text.startsWith("//", next)) return next;
    if (text.charAt(next) == '=' || c == '=' && text.charAt(next) == '>') next++; // := and =>

    int end = separator;
    while (end > separator - 3 && end > 0 && isBlank(text.charAt(end - 1))) end--;
    boolean spaced = end < separator;
    boolean closed = end > 0 && "\"'`]".indexOf(text.charAt(end - 1)) >= 0;
    if (closed) end--;
    if (closed && end > 0 && text.charAt(end - 1) == '\\') end--;
    int from = end;
    while (from > 0 && from > end - LONGEST_NAME && isName(text.charAt(from - 1))) from--;
    if (from == end || spaced && c == ':' && !closed) return next;

    int value = next;
    if (c == ':' || closed || spaced) {
      while (value < text.length() && isBlank(text.charAt(value))) value++;
    }
    if (value == text.length()) return next;
    var pair = new Pair(text, from, text.substring(from, end), closed, script);
    if (c == ':' && (pair.isInPath() || value == next && text.charAt(value) == '/')) return next;
    return value(word, pair, value, next);
  }

  private int value(Word word, Pair pair, int at, int next) {
    String text = word.text();
    String name = pair.name();
    if (Names.isProxy(name)) {
      Urls.hideAuthority(word, at, redactions);
      return next;
    }
    boolean withUser = Names.isUserAndPassword(name);
    if (!withUser && !pair.isSecret()) return next;
    if (text.startsWith(ArgumentSanitizer.REDACTED, at)) return next;
    int from = pair.valueFrom(at);
    int to = from < 0 ? from : pair.valueTo(at, from);
    if (to - from <= LONGEST_HARMLESS) {
      if (withUser) {
        int colon = from < 0 ? -1 : text.indexOf(':', from, to);
        if (colon < 0) return next;
        from = colon + 1;
      }
      if (from >= to || Names.isHarmless(name, text.substring(from, to))) return next;
    }
    redactions.add(word, from, to);
    return to;
  }

  private static boolean isName(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
