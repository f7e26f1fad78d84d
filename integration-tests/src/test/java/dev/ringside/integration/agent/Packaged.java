package dev.ringside.integration.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What the build packaged, and how the launcher starts it.
public final class Packaged {
  private static final Path HOUSE = Path.of("..").toAbsolutePath().normalize();
  private static final Path TARGET = HOUSE.resolve("otel-config/target");
  private static final String MAIN = "dev.ringside.config.command.Main";

  private Packaged() {}

  /// The command that the launcher ends in.
  ///
  /// @param furtherClassPath other people's receivers
  public static List<String> command(Path... furtherClassPath) throws IOException {
    var classPath = new StringBuilder(jar() + ":" + TARGET.resolve("lib") + "/*");
    for (var path : furtherClassPath) classPath.append(':').append(path);
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.add("@" + HOUSE.resolve("otel-config/packaging/jvm.options"));
    command.addAll(List.of("-cp", classPath.toString(), MAIN));
    return command;
  }

  private static Path jar() throws IOException {
    try (var files = Files.newDirectoryStream(TARGET, "ringside-otel-config-*.jar")) {
      for (var jar : files) if (!jar.toString().matches(".*-(sources|javadoc)\\.jar")) return jar;
    } catch (java.nio.file.NoSuchFileException e) {
      // said below, with what to do
    }
    throw new AssertionError(
        "there is no packaged agent in "
            + TARGET
            + "; `mvn package` makes it, or ./ringside build");
  }
}
