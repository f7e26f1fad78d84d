package dev.ringside.receivers.sanitize;

import java.util.ArrayList;
import java.util.List;

/// Replaces secrets in an argument vector by `[REDACTED]` and keeps all the rest.
///
/// What counts as one: the value of an option, a variable or a field whose name says so
/// (`--password x`, `--token=x`, `AWS_SECRET_ACCESS_KEY=x`, `"apiKey": "x"`, `Authorization: Bearer
/// x`); what known programs take in ways of their own (`mysql -px`, `curl -u user:x`, `sshpass -p
/// x`); credentials in URLs; and what is known by its form alone (JSON web tokens, private keys,
/// tokens with a vendor's prefix). The same inside command strings (`sh -c "…"`), up to five quoted
/// in each other, and behind programs that run others (`sudo`, `env`, `timeout`, `docker exec`, …).
///
/// It errs on the side of redacting. A secret without a name and without a form, to a program that
/// it does not know, stays unseen: see the receiver's page.
///
/// Stateless, safe on any thread. Time and memory are in proportion to the arguments' length.
public final class ArgumentSanitizer {
  /// What stands in a secret's place.
  public static final String REDACTED = "[REDACTED]";

  private static final int DEEPEST = 5;

  private final Redactions redactions = new Redactions();
  private final Commands commands = new Commands(redactions);
  private final Pairs pairs = new Pairs(redactions);

  private ArgumentSanitizer() {}

  /// @param executableName the name of the file that runs, which argv[0] need not be; may be null
  /// @param args the arguments, the program's name first
  /// @param cut whether the end of the last argument is missing, so that a secret may lack its end
  /// @return `args` itself when there is nothing to hide
  public static List<String> sanitize(String executableName, List<String> args, boolean cut) {
    return !cut && Plain.isPlain(executableName, args) ? args : search(executableName, args, cut);
  }

  /// The same of any command, plain or not.
  static List<String> search(String executableName, List<String> args, boolean cut) {
    var sanitizer = new ArgumentSanitizer();
    var words = new ArrayList<Word>(args.size());
    for (int i = 0; i < args.size(); i++) {
      words.add(Word.whole(i, args.get(i), cut && i == args.size() - 1));
    }
    for (Word word : words) {
      Urls.find(word, sanitizer.redactions);
      Tokens.find(word, sanitizer.redactions);
    }
    sanitizer.inspect(executableName, words, 0);
    return sanitizer.redactions.apply(args);
  }

  private void inspect(String executableName, List<Word> command, int depth) {
    commands.inspect(executableName, command);
    var scripts = new Scripts();
    for (Word word : command) {
      boolean script = scripts.next(word);
      pairs.find(word, script);
      Sql.find(word, redactions);
      if (depth == DEEPEST || !script && !word.hasBlank()) continue;
      // Any argument with blanks in it may be a command for somebody: su -c, docker exec, tmux.
      List<List<Word>> inner = Shell.commands(word);
      for (List<Word> simple : inner) inspect(null, simple, depth + 1);
      Feeds.find(inner, redactions);
    }
  }
}
