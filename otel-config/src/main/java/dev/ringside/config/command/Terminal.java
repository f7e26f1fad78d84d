package dev.ringside.config.command;

import dev.ringside.config.console.Style;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// What a command talks to: data goes to `out`, progress and state to `err`.
///
/// @param outIsTerminal whether a person sees `out`, and not a pipe or a file; likewise for `err`
/// @param environment the environment variables
record Terminal(
    PrintStream out,
    PrintStream err,
    boolean outIsTerminal,
    boolean errIsTerminal,
    Map<String, String> environment) {

  static Terminal ofThisProcess() {
    return new Terminal(
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        isTerminal(1),
        isTerminal(2),
        System.getenv());
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }

  // java.io.Console knows only whether both streams are one.
  private static boolean isTerminal(int descriptor) {
    try {
      var target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException e) {
      return false;
    }
  }

  Style outStyle() {
    return style(outIsTerminal);
  }

  Style errStyle() {
    return style(errIsTerminal);
  }

  // https://no-color.org: any value that is not empty.
  private Style style(boolean isTerminal) {
    boolean wanted = environment.getOrDefault("NO_COLOR", "").isEmpty();
    boolean able = !environment.getOrDefault("TERM", "").equals("dumb");
    return isTerminal && wanted && able ? Style.COLOURED : Style.PLAIN;
  }

  /// One line to the person at the terminal.
  void say(String line) {
    synchronized (err) {
      err.println(line);
      err.flush();
    }
  }
}
