package dev.ringside.integration.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.ringside.integration.agent.Packaged;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The part of a benchmark that only a machine can do whose kernel lets functions be watched.
class FunctionTimesIT {
  private static final Pattern OF_TRAMPOLINE =
      Pattern.compile("(?m)^\\| Ringside, trampoline \\| ([\\d ]+)");

  @TempDir Path directory;

  @Test
  void givesFiguresOfWhatTheKernelCanAndTheReasonOfWhatItCannot() throws Exception {
    var result = new Result();

    new FunctionTimes(directory, 2_000, Packaged.command()).addTo(result);

    var said = result.markdown();
    assumeFalse(
        said.contains("lets none of its functions be watched"),
        "this kernel watches no functions: " + said);
    var figure = OF_TRAMPOLINE.matcher(said);
    assertThat(figure.find()).as(said).isTrue();
    assertThat(Long.parseLong(figure.group(1).replaceAll("\\D", ""))).isPositive();
    assertThat(said)
        .contains("| Ringside, kprobe |")
        .contains("in time: Ringside, fsession does not run here: ");
  }
}
