package dev.ringside.config.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

/// Runs the commands that stand in the lines of the standard input, one after the other, in one
/// process: the AOT cache holds what one process has seen, and users start Ringside in more ways
/// than one. A `run` gives up its rights, so it comes last.
final class Training {
  private Training() {}

  static void main() throws IOException {
    var terminal = Terminal.ofThisProcess();
    int code = Exit.OK;
    var lines = new BufferedReader(new InputStreamReader(System.in));
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      code = Math.max(code, Main.execute(terminal, line.split(" ")));
    }
    System.exit(code);
  }
}
