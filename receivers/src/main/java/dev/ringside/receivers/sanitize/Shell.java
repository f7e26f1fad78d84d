package dev.ringside.receivers.sanitize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Takes a command string apart, nearly as a POSIX shell does: simple commands of words, without
/// their quotes. What is wrong (a quote without its partner, because the end was cut) is taken as
/// it comes. See "Shell Command Language", 2.2 and 2.3, in POSIX.
final class Shell {
  private final Word script;
  private final List<List<Word>> commands = new ArrayList<>();
  private List<Word> command = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private int[] positions = new int[16];
  private boolean inWord;

  private Shell(Word script) {
    this.script = script;
  }

  static List<List<Word>> commands(Word script) {
    var shell = new Shell(script);
    shell.read();
    return shell.commands;
  }

  private void read() {
    String text = script.text();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      switch (c) {
        case '\'' -> i = quoted(i + 1, c);
        case '"' -> i = quoted(i + 1, c);
        case '\\' -> {
          i++;
          if (i < text.length() && text.charAt(i) != '\n') take(i);
        }
        case ' ', '\t', '\r', '<', '>' -> endWord(false);
        case ';', '|', '&', '(', ')', '`', '\n' -> {
          endWord(false);
          endCommand();
        }
        default -> take(i);
      }
      i++;
    }
    endWord(script.cut());
    endCommand();
  }

  /// Reads up to the closing quote, and says where it is.
  private int quoted(int from, char quote) {
    String text = script.text();
    inWord = true;
    int i = from;
    while (i < text.length() && text.charAt(i) != quote) {
      boolean escape = quote == '"' && text.charAt(i) == '\\' && i + 1 < text.length();
      if (escape && "\"\\$`\n".indexOf(text.charAt(i + 1)) >= 0) i++;
      take(i);
      i++;
    }
    return i;
  }

  private void take(int i) {
    inWord = true;
    if (word.length() == positions.length) positions = Arrays.copyOf(positions, word.length() * 2);
    positions[word.length()] = script.position(i);
    word.append(script.text().charAt(i));
  }

  private void endWord(boolean cut) {
    if (!inWord) return;
    int[] at = Arrays.copyOf(positions, word.length());
    command.add(new Word(script.argument(), word.toString(), at, cut));
    word.setLength(0);
    inWord = false;
  }

  private void endCommand() {
    if (command.isEmpty()) return;
    commands.add(command);
    command = new ArrayList<>();
  }
}
