package dev.ringside.integration.otlp;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The Collector's program, built from `collector/` when its sources have changed.
final class CollectorBinary {
  private static final Path SOURCES = Path.of("collector").toAbsolutePath();
  private static final Path BINARY = Path.of("target/otelcol").toAbsolutePath();
  private static final Path BUILT_FROM = Path.of("target/otelcol.sources").toAbsolutePath();

  private CollectorBinary() {}

  /// Skips the test when the program would have to be built and there is no Go to build it with.
  static synchronized Path orSkip() throws IOException, InterruptedException {
    var sources = fingerprint();
    if (Files.isExecutable(BINARY)
        && Files.exists(BUILT_FROM)
        && Files.readString(BUILT_FROM).equals(sources)) return BINARY;
    assumeTrue(
        Arrays.stream(System.getenv("PATH").split(":"))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "go"))),
        "Go is not installed, so there is no OpenTelemetry Collector to export to");
    build();
    Files.writeString(BUILT_FROM, sources);
    return BINARY;
  }

  private static void build() throws IOException, InterruptedException {
    Files.createDirectories(BINARY.getParent());
    var log = BINARY.resolveSibling("otelcol.build.log");
    var go =
        new ProcessBuilder(
            List.of(
                "go",
                "build",
                "-mod=readonly",
                "-buildvcs=false",
                "-trimpath",
                "-ldflags=-s -w",
                "-o",
                BINARY.toString(),
                "."));
    go.environment().put("CGO_ENABLED", "0");
    go.directory(SOURCES.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
    var process = go.start();
    if (!process.waitFor(20, TimeUnit.MINUTES)) process.destroyForcibly().waitFor();
    if (process.exitValue() != 0)
      throw new IOException(
          "go build in "
              + SOURCES
              + " ended with "
              + process.exitValue()
              + ":\n"
              + Files.readString(log));
  }

  private static String fingerprint() throws IOException {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var file : List.of("main.go", "go.mod", "go.sum"))
        digest.update(Files.readAllBytes(SOURCES.resolve(file)));
      return new BigInteger(1, digest.digest()).toString(16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
