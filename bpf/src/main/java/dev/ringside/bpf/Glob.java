package dev.ringside.bpf;

import java.util.function.Predicate;

/// A text in which `*` is any text and `?` any one character. Without regular expressions, which a
/// cold JVM takes long to begin with.
record Glob(String text) implements Predicate<String> {
  static boolean isOne(String text) {
    return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
  }

  /// What all that it matches begins with.
  String begin() {
    int end = 0;
    while (end < text.length() && text.charAt(end) != '*' && text.charAt(end) != '?') end++;
    return text.substring(0, end);
  }

  @Override
  public boolean test(String name) {
    int at = 0;
    int in = 0;
    // Where to go on when it does not fit: the last star, one character further.
    int star = -1;
    int fromStar = 0;
    while (in < name.length()) {
      if (at < text.length() && text.charAt(at) == '*') {
        star = at++;
        fromStar = in;
      } else if (at < text.length()
          && (text.charAt(at) == '?' || text.charAt(at) == name.charAt(in))) {
        at++;
        in++;
      } else if (star >= 0) {
        at = star + 1;
        in = ++fromStar;
      } else {
        return false;
      }
    }
    while (at < text.length() && text.charAt(at) == '*') at++;
    return at == text.length();
  }
}
