package dev.ringside.receivers.sanitize;

import dev.ringside.receivers.linux.KernelPath;
import java.util.List;

/// Secrets that a command string prints into a program that reads one: `echo x | docker login
/// --password-stdin`, `echo root:x | chpasswd`.
final class Feeds {
  private Feeds() {}

  static void find(List<List<Word>> commands, Redactions redactions) {
    for (int i = 1; i < commands.size(); i++) {
      List<Word> printer = commands.get(i - 1);
      String program = KernelPath.nameOf(printer.getFirst().text());
      if (!program.equals("echo") && !program.equals("printf")) continue;
      if (!readsSecret(commands.get(i))) continue;
      for (Word word : printer.subList(1, printer.size())) {
        if (!word.text().startsWith("-")) redactions.add(word, 0, word.length());
      }
    }
  }

  private static boolean readsSecret(List<Word> command) {
    boolean sudo = false;
    for (Word word : command) {
      String text = word.text();
      sudo |= text.equals("sudo");
      boolean reads =
          switch (text) {
            case "chpasswd", "--stdin", "--with-token", "--passphrase-fd" -> true;
            case "-S" -> sudo;
            default -> text.endsWith("-stdin") || text.endsWith("/chpasswd");
          };
      if (reads) return true;
    }
    return false;
  }
}
