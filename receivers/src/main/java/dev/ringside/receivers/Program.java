package dev.ringside.receivers;

import dev.ringside.receivers.linux.KernelPath;
import dev.ringside.receivers.sanitize.ArgumentSanitizer;
import java.util.List;

/// What an exec started, fit to be told.
///
/// @param path the file, tidied
/// @param name its last part; null when the path's end is missing
/// @param args the arguments, sanitised; empty when they were not asked for
/// @param argsCut whether there were more
/// @param isRedacted whether there was a secret in them
record Program(String path, String name, List<String> args, boolean argsCut, boolean isRedacted) {

  static Program of(ProcessExec exec) {
    String path = KernelPath.tidy(exec.executablePath().toString());
    String name = exec.executablePath().cut() ? null : KernelPath.nameOf(path);
    boolean cut = exec.args().cut();
    var said = exec.args().split();
    var args = ArgumentSanitizer.sanitize(name, said, cut);
    return new Program(path, name, args, cut, args != said);
  }

  /// What it was called, which is for the caller to choose: the first argument.
  String command() {
    return args.isEmpty() ? null : args.getFirst();
  }
}
