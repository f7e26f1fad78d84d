package dev.ringside.receivers.sanitize;

import dev.ringside.receivers.sanitize.Clients.Client;
import java.util.List;

/// The arguments of a known program, and the secrets among them.
///
/// @param client what is known of the program
/// @param words the command that it stands in
/// @param from where its arguments begin
/// @param onlyOptions whether they end at the first word that is no option, since that is a program
record Arguments(
    Client client, List<Word> words, int from, boolean onlyOptions, Redactions redactions) {

  void inspect() {
    if (client.when() != null && !has(client.when(), words.size())) return;
    for (int i = from; i < words.size(); i++) {
      String text = words.get(i).text();
      if (text.startsWith("-") || text.startsWith("/p:")) {
        i = option(i);
      } else if (onlyOptions) {
        return;
      } else {
        word(i);
      }
    }
    int last = words.size() - 1;
    for (String word : client.last()) {
      boolean holds = word.startsWith("-") ? hasFlag(word.charAt(1)) : has(word, last);
      String text = words.get(last).text();
      if (holds && last >= from && !text.startsWith("-") && text.indexOf('=') < 0) {
        hide(last, 0, ' ');
      }
    }
  }

  /// @return the last word that belongs to the option
  private int option(int i) {
    String text = words.get(i).text();
    Character part = client.options().get(text);
    if (part != null) {
      if (part == '!' || i + 1 == words.size() || words.get(i + 1).isOption()) return i;
      hide(i + 1, 0, part);
      return i + 1;
    }
    for (var option : client.options().entrySet()) {
      String name = option.getKey();
      boolean isShort = !name.startsWith("--") && name.length() <= 3 && option.getValue() != '+';
      if (text.startsWith(name + "=")) {
        hide(i, name.length() + 1, option.getValue());
      } else if (isShort && text.startsWith(name)) {
        hide(i, name.length(), option.getValue());
      } else if (isShort && name.length() == 2 && !text.startsWith("--")) {
        int letter = behindFlags(text);
        if (letter < 0 || text.charAt(letter) != name.charAt(1)) continue;
        if (letter + 1 < text.length()) {
          hide(i, letter + 1, option.getValue());
        } else if (option.getValue() != '!' && i + 1 < words.size()) {
          hide(i + 1, 0, option.getValue());
          return i + 1;
        }
      }
    }
    return i;
  }

  /// In `-sSu`, where `u` is: the first letter that is no flag.
  private int behindFlags(String text) {
    int i = 1;
    while (i < text.length() && client.flags().indexOf(text.charAt(i)) >= 0) i++;
    return i < text.length() && i > 1 ? i : -1;
  }

  private void word(int i) {
    String text = words.get(i).text();
    for (int s = 0; s < client.words().length(); s++) {
      switch (client.words().charAt(s)) {
        case '~' -> {
          boolean named = i + 1 < words.size() && (Names.isSecret(text) || text.endsWith("psk"));
          if (named && !Names.isHarmless(text, words.get(i + 1).text())) hide(i + 1, 0, ' ');
        }
        case '@' -> Urls.hideAuthority(words.get(i), 0, redactions);
        default -> { // user/password@database
          int slash = text.indexOf('/');
          int at = text.lastIndexOf('@');
          if (slash > 0) redactions.add(words.get(i), slash + 1, at > slash ? at : text.length());
        }
      }
    }
  }

  private void hide(int i, int at, char part) {
    Word word = words.get(i);
    String text = word.text();
    switch (part) {
      case ':', ',', '%', '=' -> {
        int sign = text.indexOf(part, at);
        if (sign >= 0) redactions.add(word, sign + 1, text.length());
      }
      case '@' -> Urls.hideAuthority(word, at, redactions);
      case '*' -> {
        if (text.startsWith("pass:", at)) redactions.add(word, at + 5, text.length());
      }
      default -> redactions.add(word, at, text.length());
    }
  }

  private boolean has(String text, int before) {
    for (int i = from - 1; i < before; i++) {
      String word = words.get(i).text();
      if (word.equals(text) || i == from - 1 && word.endsWith("/" + text)) return true;
    }
    return false;
  }

  private boolean hasFlag(char letter) {
    for (int i = from; i < words.size(); i++) {
      String text = words.get(i).text();
      if (text.startsWith("-") && !text.startsWith("--") && text.indexOf(letter) > 0) return true;
    }
    return false;
  }
}
