package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What the build packaged, and how the launcher starts it.
final class Packaged {
  private static final Path HOUSE = Path.of("..").toAbsolutePath().normalize();
  private static final Path TARGET = HOUSE.resolve("otel-config/target");
  private static final String MAIN = "dev.ringside.config.command.Main";

  /// The JVM's options are the launcher's own.
  private static final Pattern OPTIONS = Pattern.compile("local options=\\(([^)]*)\\)");

  private Packaged() {}

  /// The command that the launcher ends in.
  ///
  /// @param furtherClassPath other people's receivers
  static List<String> command(Path... furtherClassPath) throws IOException {
    var classPath = new StringBuilder(jar() + ":" + TARGET.resolve("lib") + "/*");
    for (var path : furtherClassPath) classPath.append(':').append(path);
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(options());
    command.addAll(List.of("-cp", classPath.toString(), MAIN));
    return command;
  }

  private static Path jar() throws IOException {
    try (var files = Files.newDirectoryStream(TARGET, "ringside-otel-config-*.jar")) {
      for (var jar : files) return jar;
    } catch (java.nio.file.NoSuchFileException e) {
      // said below, with what to do
    }
    throw new AssertionError(
        "there is no packaged agent in "
            + TARGET
            + "; `mvn package` makes it, or ./ringside build");
  }

  private static List<String> options() throws IOException {
    var launcher = OPTIONS.matcher(Files.readString(HOUSE.resolve("ringside")));
    assertThat(launcher.find()).as("the launcher has its options where they were").isTrue();
    return List.of(launcher.group(1).strip().split("\\s+"));
  }
}
