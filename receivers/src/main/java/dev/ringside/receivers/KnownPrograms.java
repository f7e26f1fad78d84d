package dev.ringside.receivers;

import static dev.ringside.receivers.ProcessAttributes.orNull;
import static dev.ringside.receivers.ProcessAttributes.trueOrNull;

import dev.ringside.bpf.Text;
import dev.ringside.receivers.telemetry.SharedAttributes;
import dev.ringside.semconv.Keys;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// What is told of the programs that were executed lately: a script executes the same ones again
/// and again, and looking for secrets in arguments takes longer than all the rest.
///
/// Kept is what comes a second time, as far as its hash tells: making room for what never comes
/// again would cost more than looking. Commands in which there was something to hide are not kept,
/// nor are long ones. For the polling thread.
final class KnownPrograms {
  private static final int MOST = 1024;
  private static final int LONGEST = 256;

  /// As the kernel said it.
  private record Key(Text path, Text args, int argsCount) {
    boolean isShort() {
      return path.bytes().length + args.bytes().length <= LONGEST;
    }
  }

  /// @param attributes of the event
  record Known(Program program, SharedAttributes attributes) {}

  // Of commands, each where its lowest bits say.
  private final int[] seen = new int[4 * MOST];

  // In the order in which they were last executed.
  private final SequencedMap<Key, Known> known = new LinkedHashMap<>(16, 0.75f, true);

  Known of(ProcessExec exec) {
    var key = new Key(exec.executablePath(), exec.args(), exec.argsCount());
    if (!key.isShort()) return look(exec);
    var kept = known.get(key);
    if (kept != null) return kept;
    var found = look(exec);
    if (comesAgain(key) && !found.program().isRedacted()) {
      if (known.size() == MOST) known.pollFirstEntry();
      known.put(key, found);
    }
    return found;
  }

  private boolean comesAgain(Key key) {
    int hash = key.hashCode();
    int place = hash & seen.length - 1;
    boolean again = seen[place] == hash;
    seen[place] = hash;
    return again;
  }

  private static Known look(ProcessExec exec) {
    var program = Program.of(exec);
    var attributes =
        SharedAttributes.builder()
            .set(Keys.PROCESS_EXECUTABLE_NAME, orNull(program.name()))
            .set(Keys.PROCESS_EXECUTABLE_PATH, orNull(program.path()))
            .set(
                Keys.RINGSIDE_PROCESS_EXECUTABLE_PATH_TRUNCATED,
                trueOrNull(exec.executablePath().cut()))
            .set(Keys.PROCESS_ARGS_COUNT, Integer.toUnsignedLong(exec.argsCount()))
            .set(Keys.PROCESS_COMMAND, program.command())
            .set(Keys.PROCESS_COMMAND_ARGS, program.args().isEmpty() ? null : program.args())
            .set(Keys.RINGSIDE_PROCESS_COMMAND_ARGS_TRUNCATED, trueOrNull(program.argsCut()))
            .build();
    return new Known(program, attributes);
  }
}
