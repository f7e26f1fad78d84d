package dev.ringside.integration.benchmark;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.integration.workload.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// An emulated machine with one processor, whose clock counts the instructions that it executes.
///
/// @param directory for its files; the guest sees it as `/out`
/// @param kernel a series of the laboratory
record CountingGuest(Path directory, String kernel) {
  static final String KERNEL = "6.12";

  /// Without fast string instructions: emulated, these count once for each byte that they copy,
  /// where a processor copies dozens of bytes at a time.
  static final String PROCESSOR = "max,-erms,-fsrm";

  static final Path LAB = Path.of("lab").toAbsolutePath();

  CountingGuest(Path directory) {
    this(directory, KERNEL);
  }

  /// Fetches peers as a later Debian has them; a peer that is not there gives no figures.
  ///
  /// @param directory for what is said meanwhile
  static void fetchLaterTools(Path directory) throws IOException, InterruptedException {
    var fetching = List.of(LAB + "/later-tool", "--fetch");
    new CountingGuest(directory).ended(Duration.ofMinutes(3), fetching);
  }

  /// Runs a script of `lab/` in it. Its arguments are `/out`, the folder of the compiled programs,
  /// and the packaged Ringside.
  ///
  /// @param numbers variables of the script's environment
  /// @throws AssertionError when it did not end well in time; with all that was said
  GuestReport run(String script, Duration within, Map<String, Integer> numbers)
      throws IOException, InterruptedException {
    assumeTrue(
        ended(Duration.ofSeconds(30), List.of(LAB + "/fetch-kernels", "--find", kernel))
            || ended(Duration.ofMinutes(3), List.of(LAB + "/fetch-kernels", kernel)),
        "there is no kernel " + kernel + ": lab/fetch-kernels fetches it");
    var programs = Programs.instructions().getParent();
    Programs.receive();
    var command =
        new ArrayList<>(
            List.of(
                LAB + "/boot",
                // One processor on one thread, where the clock counts instructions.
                "-s",
                "-c",
                "1",
                "-q",
                "-icount shift=0,sleep=off -cpu " + PROCESSOR,
                "-t",
                // By its own clock, which may run far ahead; the time limit is ours.
                "36000",
                "-o",
                directory.toString()));
    numbers.keySet().forEach(name -> command.addAll(List.of("-e", name)));
    command.addAll(List.of(kernel, LAB + "/" + script, "/out", programs.toString()));
    command.add(Path.of(Observers.ringside().getFirst()).getParent().getParent().toString());
    var builder = new ProcessBuilder(command);
    numbers.forEach((name, number) -> builder.environment().put(name, number.toString()));
    if (!ended(within, builder)) throw new AssertionError("the guest did not end well:\n" + said());
    return new GuestReport(Files.readString(directory.resolve("stdout")));
  }

  /// Everything that it said.
  String said() throws IOException {
    var said = new StringBuilder();
    for (var name : List.of("boot.log", "stdout", "stderr")) append(said, name);
    try (var files = Files.newDirectoryStream(directory, "*.err")) {
      for (var file : files) append(said, file.getFileName().toString());
    }
    return said.toString();
  }

  private void append(StringBuilder said, String name) throws IOException {
    var file = directory.resolve(name);
    if (Files.exists(file)) said.append(name).append(":\n").append(Files.readString(file));
  }

  private boolean ended(Duration within, List<String> command)
      throws IOException, InterruptedException {
    return ended(within, new ProcessBuilder(command));
  }

  /// Whether it ended well.
  private boolean ended(Duration within, ProcessBuilder builder)
      throws IOException, InterruptedException {
    builder.redirectErrorStream(true).redirectOutput(directory.resolve("boot.log").toFile());
    var process = builder.start();
    try {
      return process.waitFor(within.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
    } finally {
      // boot ends its guest when it is told to end.
      process.destroy();
      process.waitFor(10, TimeUnit.SECONDS);
    }
  }
}
