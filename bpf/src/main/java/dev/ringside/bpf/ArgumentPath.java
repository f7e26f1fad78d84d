package dev.ringside.bpf;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A path as it is written in C: `sk->__sk_common.skc_dport`, `uts->name[0].nodename`.
///
/// @param text as it was given
/// @param argument the name of the argument that it begins with
/// @param steps from there on
record ArgumentPath(String text, String argument, List<Step> steps) {

  sealed interface Step {}

  /// `->name`, of what a pointer leads to.
  record Follow(String member) implements Step {}

  /// `.name`.
  record Member(String member) implements Step {}

  /// `[index]`, of an array.
  record Element(int index) implements Step {}

  private static final Pattern WHOLE = Pattern.compile("\\w+(->\\w+|\\.\\w+|\\[\\d{1,9}])*");
  private static final Pattern PART = Pattern.compile("(->|\\.|\\[|)(\\w+)]?");

  /// @throws IllegalArgumentException when it is not written like one
  static ArgumentPath of(String text) {
    if (!WHOLE.matcher(text).matches())
      throw new IllegalArgumentException(
          text + " is no path; write it as C does: name, name->member.member, name->array[0]");
    var steps = new ArrayList<Step>();
    var parts = PART.matcher(text);
    parts.find();
    var argument = parts.group();
    while (parts.find()) {
      steps.add(
          switch (parts.group(1)) {
            case "->" -> new Follow(parts.group(2));
            case "." -> new Member(parts.group(2));
            default -> new Element(Integer.parseInt(parts.group(2)));
          });
    }
    return new ArgumentPath(text, argument, List.copyOf(steps));
  }
}
