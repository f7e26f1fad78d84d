package dev.ringside.receivers.sanitize;

import dev.ringside.receivers.linux.KernelPath;

/// Follows the words of a command and tells which are command strings or program texts: what stands
/// behind a shell's `-c`, and what ssh, eval and watch are given.
final class Scripts {
  private boolean first = true;
  private boolean runsAnother;
  private boolean shell;
  private boolean joins; // a program that makes one command string of all its arguments
  private boolean afterC;

  /// Whether the next word of the command is one.
  boolean next(Word word) {
    boolean script = joins || afterC;
    String text = word.text();
    afterC = shell && text.length() > 1 && text.startsWith("-") && text.endsWith("c");
    if (first || runsAnother) {
      String program = KernelPath.nameOf(text);
      shell |= Clients.isShell(program);
      joins |= program.equals("ssh") || program.equals("eval") || program.equals("watch");
      runsAnother |= Clients.isWrapper(program) || Clients.isContainerWrapper(program);
      first = text.indexOf('=') > 0; // a variable for the program that follows
    }
    return script;
  }
}
