package dev.ringside.receivers.sanitize;

import dev.ringside.receivers.linux.KernelPath;
import java.util.List;

/// Secrets in a simple command's words: behind options whose name says so, and where a known
/// program takes them.
final class Commands {
  // Nobody nests more; somebody may write one name ten thousand times.
  private static final int MOST_PROGRAMS = 8;

  private final Redactions redactions;

  Commands(Redactions redactions) {
    this.redactions = redactions;
  }

  /// @param executableName the name of the file that runs; null when it is only known by the first
  ///   word
  void inspect(String executableName, List<Word> words) {
    options(words);
    if (executableName != null) {
      for (var client : Clients.of(executableName))
        new Arguments(client, words, 1, wraps(executableName), redactions).inspect();
    }
    programs(words);
  }

  /// `--password x`, of any program.
  private void options(List<Word> words) {
    for (int i = 0; i + 1 < words.size(); i++) {
      String option = words.get(i).text();
      if (option.length() < 3 || option.charAt(0) != '-' || option.indexOf('=') >= 0) continue;
      if (words.get(i).hasBlank()) continue;
      Word value = words.get(i + 1);
      if (value.isOption()) continue;
      if (option.equals("--arg") && i + 2 < words.size()) { // jq --arg NAME VALUE
        Word named = words.get(i + 2);
        if (Names.isSecret(value.text())) redactions.add(named, 0, named.length());
      }
      String name = option.substring(option.startsWith("--") ? 2 : 1);
      String text = value.text();
      int colon = Names.isUserAndPassword(name) ? text.indexOf(':') : -1;
      if (colon >= 0) {
        redactions.add(value, colon + 1, text.length());
      } else if (Names.isSecret(name) && !Names.isHarmless(name, text)) {
        redactions.add(value, text.startsWith("pass:") ? 5 : 0, text.length());
      }
    }
  }

  /// Finds the programs that the command runs: the first word's, and what that one runs in turn.
  ///
  /// Of what a wrapper runs, each word that is no option may be the program: it is not known which
  /// options of a wrapper have a value. A container's options have values that are often called
  /// like the program (`docker run --name mongo`), so there a word behind an option does not count.
  private void programs(List<Word> words) {
    boolean wrapped = false;
    boolean inContainer = false;
    int found = 0;
    for (int i = 0; i < words.size(); i++) {
      String text = words.get(i).text();
      if (text.startsWith("-")) continue;
      if (i > 0 && !wrapped) return;
      if (inContainer && isValue(words.get(i - 1).text())) continue;
      String program = KernelPath.nameOf(text);
      var clients = Clients.of(program);
      if (!clients.isEmpty() && ++found > MOST_PROGRAMS) return;
      for (var client : clients) {
        new Arguments(client, words, i + 1, wraps(program), redactions).inspect();
      }
      if (Clients.isContainerWrapper(program)) {
        wrapped = true;
        inContainer = true;
      } else if (Clients.isWrapper(program) || text.indexOf('=') > 0) {
        wrapped = true;
        inContainer = false;
      }
    }
  }

  /// sshpass is both: its own options come first, then a program with other ones.
  private static boolean wraps(String program) {
    return program.equals("sshpass");
  }

  /// Whether the word behind `option` may be its value.
  private static boolean isValue(String option) {
    if (!option.startsWith("-") || option.equals("--") || option.indexOf('=') >= 0) return false;
    return switch (option) {
      case "--rm", "--init", "--privileged", "--interactive", "--tty", "--detach", "--stdin" ->
          false;
      default -> {
        for (int i = 1; i < option.length(); i++) {
          if ("itd".indexOf(option.charAt(i)) < 0) yield true;
        }
        yield false;
      }
    };
  }
}
