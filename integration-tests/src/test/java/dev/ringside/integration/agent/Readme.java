package dev.ringside.integration.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// The files that the README shows: what it promises is what tests run.
final class Readme {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml\\n(.*?)^```$");

  private Readme() {}

  /// The one YAML file in it that contains `part`.
  static String yaml(String part) throws IOException {
    var blocks = BLOCK.matcher(Files.readString(Path.of("../README.md")));
    var found =
        blocks.results().map(block -> block.group(1)).filter(yaml -> yaml.contains(part)).toList();
    if (found.size() != 1)
      throw new AssertionError(
          "README.md has " + found.size() + " YAML files with " + part + ", not one");
    return found.getFirst();
  }
}
