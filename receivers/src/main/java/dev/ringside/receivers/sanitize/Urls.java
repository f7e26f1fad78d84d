package dev.ringside.receivers.sanitize;

/// Credentials in URLs, `scheme://user:password@host`, and in what is like one. See RFC 3986,
/// 3.2.1; but what people write is not always encoded, so a password with `/`, `@` or a quote in it
/// is found, too.
final class Urls {
  private static final String AFTER_SCHEME = "://";

  // A user alone is no secret, unless it is a token.
  private static final int LONGEST_USER = 20;

  private static final int LONGEST_AUTHORITY = 1024;

  private Urls() {}

  static void find(Word word, Redactions redactions) {
    String text = word.text();
    int next = 0;
    for (int at = text.indexOf(AFTER_SCHEME); at >= 0; at = text.indexOf(AFTER_SCHEME, next)) {
      next = at + AFTER_SCHEME.length();
      next = Math.max(next, hide(word, next, redactions));
    }
    dataSource(word, "@tcp(", redactions);
    dataSource(word, "@unix(", redactions);
    oracle(word, redactions);
    if (word.cut()) beforeCut(word, redactions);
  }

  /// Hides `password` in `user:password@…`, which begins at `from` and ends with the word or a
  /// blank.
  static void hideAuthority(Word word, int from, Redactions redactions) {
    String text = word.text();
    int most = Math.min(text.length(), from + LONGEST_AUTHORITY);
    int colon = -1;
    int at = -1;
    for (int i = from; i < most && !Character.isWhitespace(text.charAt(i)); i++) {
      char c = text.charAt(i);
      if (c == ':' && colon < 0) colon = i;
      if (c == '@') at = i;
    }
    if (colon < 0 || text.startsWith(AFTER_SCHEME, colon))
      return; // nothing, or a URL like any other
    if (colon < at) redactions.add(word, colon + 1, at);
  }

  /// @return where to go on
  private static int hide(Word word, int from, Redactions redactions) {
    String text = word.text();
    int end = from; // of the authority
    int at = -1; // the last @ in it
    int colon = -1; // the first : in it
    while (end < text.length() && !ends(text.charAt(end))) {
      if (text.charAt(end) == '@') at = end;
      if (text.charAt(end) == ':' && colon < 0) colon = end;
      end++;
    }
    if (at < 0 && colon >= 0 && (!isWeb(text, from) || !isPort(text, colon + 1, end))) {
      at = laterAt(text, end);
    }
    if (at < 0) return end;
    if (text.startsWith("sha256:", at + 1)) return end; // an image by its digest
    boolean userOnly = colon < 0 || colon > at;
    int userEnd = userOnly ? at : colon;
    boolean basic = !userOnly && text.startsWith("x-oauth-basic@", colon + 1);
    if (!userOnly) redactions.add(word, colon + 1, at);
    if (basic || userEnd - from >= LONGEST_USER) redactions.add(word, from, userEnd);
    return Math.max(at, end);
  }

  /// Hides the password in `jdbc:oracle:thin:user/password@…`.
  private static void oracle(Word word, Redactions redactions) {
    String text = word.text();
    int from = text.indexOf("jdbc:oracle:");
    if (from < 0) return;
    int slash = text.indexOf('/', from);
    int at = slash < 0 ? -1 : text.indexOf('@', slash);
    if (at < 0 && word.cut()) at = text.length();
    if (slash >= 0) redactions.add(word, slash + 1, at);
  }

  /// Where the end is missing, the @ may be missing that says that a password is in front of it.
  private static void beforeCut(Word word, Redactions redactions) {
    String text = word.text();
    int from = text.length();
    while (from > 0 && " \t\n\"'".indexOf(text.charAt(from - 1)) < 0) from--;
    int scheme = text.lastIndexOf(AFTER_SCHEME);
    if (scheme >= from) from = scheme + AFTER_SCHEME.length();
    int colon = text.indexOf(':', from);
    if (colon < 0 || text.indexOf('@', colon) >= 0) return;
    int slash = text.indexOf('/', colon);
    if (slash > 0 && isPort(text, colon + 1, slash)) return;
    redactions.add(word, colon + 1, text.length());
  }

  private static boolean ends(char c) {
    return Character.isWhitespace(c) || "/?#\"'`<>".indexOf(c) >= 0;
  }

  /// Whether it is http or https, where `host:8080/@scope/package` is a port and a path.
  private static boolean isWeb(String text, int from) {
    int scheme = from - AFTER_SCHEME.length();
    return text.startsWith("http", scheme - 4) || text.startsWith("https", scheme - 5);
  }

  private static boolean isPort(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') return false;
    }
    return to - from <= 5;
  }

  /// The last @ before the next blank. A host does not have one: it must belong to a password.
  private static int laterAt(String text, int from) {
    int at = -1;
    for (int i = from; i < text.length() && !Character.isWhitespace(text.charAt(i)); i++) {
      if (text.startsWith(AFTER_SCHEME, i)) break; // another URL
      if (text.charAt(i) == '@') at = i;
    }
    return at;
  }

  /// Hides the password in a Go data source, `user:password@tcp(host:3306)/db`.
  private static void dataSource(Word word, String network, Redactions redactions) {
    String text = word.text();
    int done = 0;
    for (int at = text.indexOf(network); at >= 0; at = text.indexOf(network, done)) {
      int from = at;
      while (from > done && " \"'=".indexOf(text.charAt(from - 1)) < 0) from--;
      int colon = text.indexOf(':', from, at);
      if (colon >= 0) redactions.add(word, colon + 1, at);
      done = at + network.length();
    }
  }
}
