package dev.ringside.receivers.sanitize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// Secrets that are known by their form: tokens with a vendor's prefix, JSON web tokens, private
/// keys.
final class Tokens {
  /// A prefix, and how many characters must follow before it is taken for a token. Real ones have
  /// more: the numbers only keep ordinary words out.
  private record Form(String prefix, int least) {}

  // `eyJ` is `{"` in base64: the header of a JSON web token, or some other JSON that is being
  // hidden.
  private static final String FORMS =
      """
      eyJ 17 ghp_ 20 gho_ 20 ghu_ 20 ghs_ 20 ghr_ 20 github_pat_ 20 glpat- 15 gldt- 15 glrt- 15 glptt- 15
      glsa_ 20 AKIA 16 ASIA 16 AIza 30 ya29. 20 xoxa- 10 xoxb- 10 xoxe- 10 xoxe. 10 xoxo- 10 xoxp- 10
      xoxr- 10 xoxs- 10 xapp- 10 sk- 20 sk_live_ 10 sk_test_ 10 rk_live_ 10 rk_test_ 10 whsec_ 8
      npm_ 30 pypi-AgE 20 rubygems_ 30 dckr_pat_ 8 dop_v1_ 30 hf_ 30 SG. 30 shpat_ 20 hvs. 20 hvb. 20
      tskey- 10 ATATT3 30 lin_api_ 20 figd_ 8 PMAK- 20 AGE-SECRET-KEY-1 20 hooks.slack.com/services/ 5
      discord.com/api/webhooks/ 10 api.telegram.org/bot 8
      """;

  private static final int LONGEST_TEST = 64;
  private static final Form[][] BY_FIRST = byFirst();
  private static final int SHORTEST = shortest();
  private static final String BEARER = "bearer";
  private static final String BEGIN = "-----BEGIN ";

  private Tokens() {}

  static void find(Word word, Redactions redactions) {
    String text = word.text();
    int i = next(text, 0, word.cut());
    while (i < text.length()) {
      int secret = secretFrom(text, i, word.cut());
      int end = isPem(text, i) ? pemEnd(text, secret) : bodyEnd(text, secret, text.length());
      redactions.add(word, secret, end);
      i = next(text, end, word.cut());
    }
  }

  /// Whether there is one in a text that is whole.
  static boolean isIn(String text) {
    return text.length() >= SHORTEST && next(text, 0, false) < text.length();
  }

  /// Where the next token begins, its prefix included; the text's length when there is none.
  private static int next(String text, int from, boolean cut) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean boundary = i == 0 || !isAlphanumeric(text.charAt(i - 1)) || isBehindByte(text, i);
      if (boundary && c < 128 && secretFrom(text, i, cut) >= 0) return i;
    }
    return text.length();
  }

  /// Whether what stands before `i` is `\xHH`, as a byte is shown that is no character.
  private static boolean isBehindByte(String text, int i) {
    return i >= 4 && text.charAt(i - 4) == '\\' && text.charAt(i - 3) == 'x';
  }

  /// Where the secret begins, if a token does at `i`; else -1. Looks at a bounded number of
  /// characters, so that the whole stays linear.
  private static int secretFrom(String text, int i, boolean cut) {
    char c = text.charAt(i);
    if (c == '-') return isPem(text, i) ? pemBody(text, i) : -1;
    if ((c == 'B' || c == 'b') && text.regionMatches(true, i, BEARER, 0, BEARER.length())) {
      int from = i + BEARER.length();
      while (from < text.length() && from < i + 16 && text.charAt(from) == ' ') from++;
      return from > i + BEARER.length() && isToken(text, from, 16, cut) ? from : -1;
    }
    if (BY_FIRST[c] == null) return -1;
    for (Form form : BY_FIRST[c]) {
      if (!text.startsWith(form.prefix(), i)) continue;
      int from = i + form.prefix().length();
      if (!isToken(text, from, form.least(), cut)) continue;
      // The prefix says whose token it was, and it opens nothing. "sk-" alone is too common a word.
      if (!form.prefix().equals("sk-") || cut || hasDigit(text, from)) return from;
    }
    return -1;
  }

  private static boolean isToken(String text, int from, int least, boolean cut) {
    // After an underscore letters and digits follow; so `npm_package_name` is no token.
    boolean plain = text.charAt(from - 1) == '_';
    int most = Math.min(text.length(), from + LONGEST_TEST);
    int end = from;
    while (end < most
        && (isAlphanumeric(text.charAt(end)) || !plain && "_-.".indexOf(text.charAt(end)) >= 0)) {
      end++;
    }
    return end - from >= least || cut && end == text.length() && end > from;
  }

  private static int bodyEnd(String text, int from, int to) {
    int i = from;
    while (i < to && (isAlphanumeric(text.charAt(i)) || "_-.~+/=:".indexOf(text.charAt(i)) >= 0))
      i++;
    return i;
  }

  private static boolean hasDigit(String text, int from) {
    int end = bodyEnd(text, from, Math.min(text.length(), from + LONGEST_TEST));
    for (int i = from; i < end; i++) {
      if (text.charAt(i) >= '0' && text.charAt(i) <= '9') return true;
    }
    return false;
  }

  private static boolean isPem(String text, int i) {
    return text.startsWith(BEGIN, i) && pemBody(text, i) >= 0;
  }

  /// Where the line `-----BEGIN … PRIVATE KEY-----` ends that begins at `i`; -1 when it is none.
  private static int pemBody(String text, int i) {
    int most = Math.min(text.length(), i + 64);
    int kind = text.indexOf("PRIVATE KEY", i, most);
    int dashes = kind < 0 ? -1 : text.indexOf("-----", kind, most);
    return dashes < 0 ? -1 : dashes + "-----".length();
  }

  private static int pemEnd(String text, int from) {
    int end = text.indexOf("-----END", from);
    return end < 0 ? text.length() : end;
  }

  private static boolean isAlphanumeric(char c) {
    return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
  }

  /// Of a token with its prefix. `Bearer` and a PEM file's first line are longer than any.
  private static int shortest() {
    return Arrays.stream(BY_FIRST)
        .filter(Objects::nonNull)
        .flatMap(Arrays::stream)
        .mapToInt(form -> form.prefix().length() + form.least())
        .min()
        .orElseThrow();
  }

  private static Form[][] byFirst() {
    var lists = new ArrayList<List<Form>>();
    for (int i = 0; i < 128; i++) lists.add(new ArrayList<>(0));
    String[] parts = FORMS.strip().split("\\s+");
    for (int i = 0; i < parts.length; i += 2) {
      lists.get(parts[i].charAt(0)).add(new Form(parts[i], Integer.parseInt(parts[i + 1])));
    }
    var forms = new Form[128][];
    for (int i = 0; i < 128; i++) {
      if (!lists.get(i).isEmpty()) forms[i] = lists.get(i).toArray(Form[]::new);
    }
    return forms;
  }
}
