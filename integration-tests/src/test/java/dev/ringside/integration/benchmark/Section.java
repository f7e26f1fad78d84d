package dev.ringside.integration.benchmark;

import java.util.List;
import java.util.regex.Pattern;

/// A benchmark's part of the page. It keeps its place and its text when another one is repeated
/// alone.
///
/// @param markdown all of it, with its heading
record Section(String name, String markdown) {
  private static final Pattern WRITTEN =
      Pattern.compile("(?s)<!-- benchmark: (\\S+) -->\\n(.*?)<!-- end of \\1 -->\\n");
  private static final Pattern VERDICT = Pattern.compile("(?m)^- \\*\\*(.+?)\\*\\*: (.*)$");

  /// @param circumstances when and on what it ran, one line
  static Section of(Benchmark benchmark, Result result, String circumstances) {
    return of(benchmark, result.markdown(), circumstances);
  }

  /// A benchmark that gave no result.
  static Section without(Benchmark benchmark, String why, String circumstances) {
    return of(benchmark, "- **not measured**: " + oneLine(why) + "\n", circumstances);
  }

  private static Section of(Benchmark benchmark, String outcome, String circumstances) {
    return new Section(
        benchmark.name(),
        """
        ## %s
        %s

        Peer: %s

        %s
        *`./ringside benchmark %s`: %s*
        """
            .formatted(
                benchmark.title(),
                benchmark.what().strip(),
                benchmark.peer().strip(),
                outcome,
                benchmark.name(),
                circumstances));
  }

  /// The sections of a page that was written before.
  static List<Section> in(String page) {
    return WRITTEN.matcher(page).results().map(m -> new Section(m.group(1), m.group(2))).toList();
  }

  String written() {
    return "<!-- benchmark: %1$s -->\n%2$s<!-- end of %1$s -->\n".formatted(name, markdown);
  }

  String title() {
    return markdown.lines().findFirst().orElse("").replaceFirst("^#+ *", "");
  }

  /// Rows for the table of all goals.
  List<String> goals() {
    return VERDICT
        .matcher(markdown)
        .results()
        .map(m -> "| %s | %s | **%s** |".formatted(title(), m.group(2), m.group(1)))
        .toList();
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\n\\s*", "; ");
  }
}
