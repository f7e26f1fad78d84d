package dev.ringside.integration.peer;

import static org.awaitility.Awaitility.await;

import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Programs;
import dev.ringside.integration.workload.Truth;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// bcc's `execsnoop`, watching one cgroup.
///
/// It hooks execve alone, finds the end of a call by the thread that began it, and reads arguments
/// at the beginning of the call, when they may not be in memory yet. So it misses execveat and a
/// successful exec from a thread, and shows arguments as empty that were not.
public final class ExecSnoop implements AutoCloseable {
  private static final Pattern LINE =
      Pattern.compile("(\\d+) +(.{16}) (\\d+) +(\\d+) +(-?\\d+) (.*)", Pattern.DOTALL);
  private static final String MARKER = "execsnoop-marker";

  private final OwnCgroup cgroup;
  private final Peer peer;

  /// An exec it saw.
  ///
  /// @param error 0 or an errno
  /// @param args in quotation marks
  public record Exec(int userId, String command, int pid, int parentPid, int error, String args) {}

  /// Whether it can see an exec at all.
  public static boolean sees(Truth.Exec exec) {
    var isFromThread = exec.name().startsWith("from a thread") && exec.errno() == 0;
    var isExecveat = List.of("fexecve", "memfd").contains(exec.name());
    return !isFromThread && !isExecveat && !exec.name().startsWith("execveat");
  }

  private ExecSnoop(OwnCgroup cgroup, Peer peer) {
    this.cgroup = cgroup;
    this.peer = peer;
  }

  /// Returns when it sees what happens in the cgroup.
  public static ExecSnoop start(OwnCgroup cgroup) throws IOException {
    var options = new String[] {"-c", cgroup.directory().toString(), "-xUq", "--max-args", "60"};
    var snoop = new ExecSnoop(cgroup, Peer.start("execsnoop", options));
    // It says its heading before it can see anything.
    snoop.awaitMarker();
    return snoop;
  }

  /// Waits until it has told all that happened before.
  public void catchUp() {
    awaitMarker();
  }

  private void awaitMarker() {
    long seen = markers();
    await("execsnoop to see a marker")
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          cgroup.run(Programs.target(), MARKER);
          return markers() > seen;
        });
  }

  private long markers() {
    return peer.lines().stream().filter(l -> l.contains(MARKER)).count();
  }

  /// The execs it has told so far, markers aside.
  public List<Exec> execs() {
    return peer.lines().stream()
        .filter(l -> !l.contains(MARKER))
        .map(LINE::matcher)
        .filter(m -> m.matches()) // an argument with a line break continues on a line of its own
        .map(m ->
            new Exec(
                Integer.parseInt(m.group(1)),
                m.group(2).strip(),
                Integer.parseInt(m.group(3)),
                Integer.parseInt(m.group(4)),
                -Integer.parseInt(m.group(5)),
                m.group(6)))
        .toList();
  }

  @Override
  public void close() {
    peer.close();
  }
}
