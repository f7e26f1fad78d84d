package dev.ringside.receivers.sanitize;

import dev.ringside.receivers.linux.KernelPath;
import java.util.List;

/// A quick yes for most commands, in which there is nothing to hide: a program that is not known to
/// take secrets or to run others, and arguments without blanks, quotes, addresses, the beginnings
/// of names that secrets have, and tokens. Says no of many others.
final class Plain {
  private static final String SIGNS = "-_./,+=%";
  private static final boolean[] CHARACTERS = characters();

  private Plain() {}

  /// Whether all that looks for secrets in such a command looks in vain. Not of one whose end is
  /// missing.
  static boolean isPlain(String executableName, List<String> args) {
    if (args.isEmpty()) return true;
    if (executableName != null && Clients.isKnown(executableName)) return false;
    String first = args.getFirst();
    if (first.indexOf('=') >= 0 || Clients.isKnown(KernelPath.nameOf(first))) return false;
    for (String arg : args) {
      if (!hasOnlyPlainCharacters(arg) || Names.maySaySecret(arg) || Tokens.isIn(arg)) return false;
    }
    return true;
  }

  private static boolean hasOnlyPlainCharacters(String arg) {
    for (int i = 0; i < arg.length(); i++) {
      char c = arg.charAt(i);
      if (c >= CHARACTERS.length || !CHARACTERS[c]) return false;
    }
    return true;
  }

  private static boolean[] characters() {
    var characters = new boolean[128];
    for (char c = 0; c < 128; c++)
      characters[c] = Character.isLetterOrDigit(c) || SIGNS.indexOf(c) >= 0;
    return characters;
  }
}
