package dev.ringside.bpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Our lists of functions: resources with a `[heading]`, and names or globs below it, one a line.
/// What follows a `#` is for whoever reads the list.
final class FunctionLists {
  private FunctionLists() {}

  /// Names that people understand, with the functions that belong to each.
  static SequencedMap<String, List<String>> presets() {
    return read("presets.txt");
  }

  /// Reasons, as sentences without their beginning, with globs of the functions that it holds for.
  static SequencedMap<String, List<String>> dangers() {
    return read("dangerous-functions.txt");
  }

  private static SequencedMap<String, List<String>> read(String resource) {
    try (var in = FunctionLists.class.getResourceAsStream(resource)) {
      var lists = new LinkedHashMap<String, List<String>>();
      var heading = "";
      for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        var text = line.substring(0, (line + "#").indexOf('#')).strip();
        if (text.startsWith("[")) heading = text.substring(1, text.length() - 1);
        else if (!text.isEmpty()) lists.computeIfAbsent(heading, h -> new ArrayList<>()).add(text);
      }
      return lists;
    } catch (IOException e) {
      throw new UncheckedIOException("read " + resource, e);
    }
  }
}
