package dev.ringside.receivers.sanitize;

/// A name in a text, and the rules for the value behind it.
///
/// Where the value ends depends on what the pair stands in, which the character in front of the
/// name tells: in `?a=b&token=x&c=d` it is `&`, in `a=b;Password=x;c=d` it is `;`, in
/// `{"token":"x"}` it is the quote.
///
/// @param text all of it
/// @param at where the name begins
/// @param closed whether the name stands in quotes or brackets of its own
/// @param script whether the text is a command string
record Pair(String text, int at, String name, boolean closed, boolean script) {

  boolean isSecret() {
    return before() == '?' || before() == '&'
        ? Names.isSecretParameter(name)
        : Names.isSecret(name);
  }

  /// Whether the name is a part of something with colons in it: an ARN, a path, an image.
  boolean isInPath() {
    char before = before();
    return before != 0 && !Character.isWhitespace(before) && "\"'`{[(,;&?=\\".indexOf(before) < 0;
  }

  /// Where the secret begins, given where the value does; -1 when there is no value.
  int valueFrom(int value) {
    int quote = quoteAt(value);
    if (quote < 0) return isHeader() ? afterScheme(value) : value;
    if (text.charAt(quote) == before() && !closed) return -1; // it closes what the name stands in
    return isHeader() ? afterScheme(quote + 1) : quote + 1;
  }

  /// Where the secret ends, given where the value and the secret begin.
  int valueTo(int value, int from) {
    int quote = quoteAt(value);
    return quote < 0 ? unquotedTo(from) : closing(text.charAt(quote), from, quote > value);
  }

  /// Whether the value is all that follows: the name begins the text, or what begins it is an
  /// option, as in `--env=NAME=value`.
  private boolean isWhole() {
    if (script || closed) return false;
    return at == 0 || before() == '=' && text.lastIndexOf(' ', at) < 0;
  }

  private char before() {
    return at == 0 ? 0 : text.charAt(at - 1);
  }

  /// Where the quote is that begins the value; -1 when none does.
  private int quoteAt(int value) {
    if (isWhole()) return -1;
    int quote = text.charAt(value) == '\\' && value + 1 < text.length() ? value + 1 : value;
    return "\"'`".indexOf(text.charAt(quote)) >= 0 ? quote : -1;
  }

  private int unquotedTo(int from) {
    char before = before();
    if (isWhole()) return to(from, isHeader() ? "\n" : "", false);
    if (before == '?' || before == '&') return to(from, "&#\"'", true);
    if (before == '[' && closed) return to(from, "&\"'", script); // user[password]=x, in a form
    if ((before == '"' || before == '\'') && !closed) return to(from, before + "\n", false);
    if (closed || "{[(".indexOf(before) >= 0) return to(from, ",}])\"'", true);
    if (before == ',') return to(from, ",\"'", true);
    if (before == ';') return to(from, ";\"'\n", script);
    if (isHeader()) return to(from, "\"'\n", false);
    return to(from, script ? "\"'`;|&()<>" : "\"'", true);
  }

  /// @param ends the characters that end a value
  /// @param blanks whether a blank ends it, too
  private int to(int from, String ends, boolean blanks) {
    int i = from;
    while (i < text.length()
        && ends.indexOf(text.charAt(i)) < 0
        && !(blanks && Character.isWhitespace(text.charAt(i)))) {
      i++;
    }
    return i;
  }

  /// @param escaped whether the quotes have a backslash, since they stand in other quotes
  private int closing(char quote, int from, boolean escaped) {
    int i = from;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == quote && !escaped) return i;
      if (c == '\\') {
        if (escaped && i + 1 < text.length() && text.charAt(i + 1) == quote) return i;
        i++;
      }
      i++;
    }
    return text.length();
  }

  private boolean isHeader() {
    return name.equalsIgnoreCase("Authorization")
        || name.equalsIgnoreCase("Proxy-Authorization")
        || name.equalsIgnoreCase("Cookie")
        || name.equalsIgnoreCase("Set-Cookie");
  }

  /// The scheme in a header is no secret: `Bearer x`, `Basic x`.
  private int afterScheme(int from) {
    int most = Math.min(text.length() - 1, from + 16);
    int i = from;
    while (i < most && Character.isLetter(text.charAt(i))) i++;
    return i > from && i < most && text.charAt(i) == ' ' ? i + 1 : from;
  }
}
