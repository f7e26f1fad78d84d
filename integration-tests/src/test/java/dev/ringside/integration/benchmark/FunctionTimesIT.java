package dev.ringside.integration.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.ringside.integration.agent.Packaged;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The part of a benchmark that only a machine can do whose kernel lets functions be watched.
class FunctionTimesIT {
  @TempDir Path directory;

  @Test
  void givesFiguresOfWhatTheKernelCanAndTheReasonOfWhatItCannot() throws Exception {
    var result = new Result();

    var mechanisms = List.of("fsession", FunctionTimes.TRAMPOLINE);
    new FunctionTimes(directory, 2_000, Packaged.command(), mechanisms).addTo(result);

    var said = result.markdown();
    assumeFalse(
        said.contains("lets none of its functions be watched"),
        "this kernel watches no functions: " + said);
    assertThat(said)
        .containsPattern(figureOf("nobody: a read"))
        .containsPattern(figureOf("Ringside, trampoline"))
        .contains("in time: Ringside, fsession does not run here: ");
  }

  /// Whatever it is: on an emulated machine with others beside it, time says nothing.
  private static Pattern figureOf(String observer) {
    return Pattern.compile("(?m)^\\| " + observer + " \\| -?[\\d  ,.]+ \\(");
  }
}
