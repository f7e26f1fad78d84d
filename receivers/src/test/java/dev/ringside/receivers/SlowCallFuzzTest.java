package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ringside.bpf.ArgumentType;
import dev.ringside.bpf.ArgumentType.Whole;
import dev.ringside.bpf.FunctionArgument;
import dev.ringside.bpf.Selection;
import dev.ringside.bpf.Text;
import dev.ringside.semconv.Events;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Any bytes as what a slow call was made with, and as its frames: what the decoder of events hands
/// on as it is.
class SlowCallFuzzTest {
  /// Of `struct argument`, less the NUL.
  private static final int LONGEST = 127;

  private static final int NOBODY = 1 << 30;
  private static final ObservedProcess PROCESS =
      new ObservedProcess(1, NOBODY, NOBODY, 1, NOBODY, 0, "reader");
  private static final CgroupNames CGROUP = new CgroupNames("", "", "", "");
  private static final Whole NUMBER = new Whole(3, 61, true, false);

  private static final List<ArgumentType> TYPES =
      List.of(
          NUMBER,
          new ArgumentType.Characters(),
          new ArgumentType.Truth(NUMBER),
          new ArgumentType.Named(NUMBER, Map.of(0L, "ZERO")),
          new ArgumentType.Address(),
          new ArgumentType.Characters());

  @FuzzTest
  void describesArguments(byte[] bytes) {
    var telemetry = new RecordingTelemetry();
    var watched = FunctionLatencyReceiverTest.FUNCTIONS;
    var arguments =
        IntStream.range(0, TYPES.size())
            .mapToObj(i -> new FunctionArgument("p" + i, 0, false, List.of(), 0, 8, TYPES.get(i)))
            .toList();
    var described =
        CallArguments.of(
            Map.of("vfs_read", List.of("p")),
            new Selection(watched, List.of(), Map.of()),
            paths -> Map.of(watched.getFirst(), arguments));

    var event = telemetry.event(Events.KERNEL_FUNCTION_SLOW);
    described.describe(event, 0, new Text(bytes, false));
    event.emit();

    var said = telemetry.events.getFirst().attributes().values();
    assertThat(said).hasSizeLessThanOrEqualTo(TYPES.size());
    // A byte that is no UTF-8 is four characters.
    assertThat(said).allMatch(value -> value.toString().length() <= 4 * LONGEST);
  }

  /// Half of them as addresses, half as the files that these are in.
  @FuzzTest
  void describesFrames(byte[] bytes) {
    int middle = bytes.length / 2;
    var addresses = new Text(Arrays.copyOf(bytes, middle), false);
    var files = new Text(Arrays.copyOfRange(bytes, middle, bytes.length), false);
    var call =
        new SlowCall(9, 1, PROCESS, 0, 0, 0, "x", CGROUP, Text.EMPTY, addresses, addresses, files);

    var lines = new UserFrames().of(call);

    assertThat(lines).hasSizeLessThanOrEqualTo(middle / Long.BYTES);
    assertThat(lines).allMatch(line -> line.matches("[0-9a-f]{40}\\+0x[0-9a-f]+"));
  }
}
