package dev.ringside.receivers.sanitize;

/// Passwords in SQL: `IDENTIFIED BY 'x'`, `WITH PASSWORD 'x'`, `PASSWORD('x')`.
final class Sql {
  private static final int LONGEST_CLAUSE = 80;

  private Sql() {}

  static void find(Word word, Redactions redactions) {
    String text = word.text();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i++);
      if (c != '\'' && c != '"' || !announcesPassword(text, i - 1)) continue;
      int end = i;
      while (end < text.length() && (text.charAt(end) != c || text.startsWith("" + c + c, end))) {
        end += text.charAt(end) == c ? 2 : 1; // a quote in a string is written twice
      }
      end = Math.min(end, text.length());
      redactions.add(word, i, end);
      i = end + 1;
    }
  }

  private static boolean announcesPassword(String text, int quote) {
    int end = quote;
    while (end > 0 && end > quote - 4 && " (\n".indexOf(text.charAt(end - 1)) >= 0) end--;
    if (end == quote) return false;
    if (isBehind(text, "password", end)) return true;
    if (!isBehind(text, "by", end)) return false;
    int clause = Math.max(0, end - LONGEST_CLAUSE);
    for (int i = end - "identified".length(); i >= clause; i--) {
      if (text.regionMatches(true, i, "identified", 0, "identified".length())) return true;
    }
    return false;
  }

  private static boolean isBehind(String text, String keyword, int end) {
    int from = end - keyword.length();
    return from >= 0
        && text.regionMatches(true, from, keyword, 0, keyword.length())
        && (from == 0 || !Character.isLetterOrDigit(text.charAt(from - 1)));
  }
}
