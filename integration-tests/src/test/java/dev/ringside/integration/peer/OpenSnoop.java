package dev.ringside.integration.peer;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// bcc's `opensnoop`, watching one process.
///
/// It sees openat (this version neither openat2 nor creat), and shows paths as they were asked for,
/// the first 255 bytes of them.
public final class OpenSnoop implements AutoCloseable {
  private static final Pattern LINE =
      Pattern.compile("(\\d+) +(\\d+) +(.{16}) +(-?\\d+) +(\\d+) (\\d+) (.*)");

  private final Peer peer;

  /// An open it saw.
  ///
  /// @param errno 0 or why it failed
  /// @param descriptor -1 when it failed
  /// @param path in ISO 8859-1, which shows bytes as they are
  public record Open(int userId, int pid, int descriptor, int errno, long flags, String path) {}

  private OpenSnoop(Peer peer) {
    this.peer = peer;
  }

  public static OpenSnoop start(long pid) throws IOException {
    return new OpenSnoop(Peer.start("opensnoop", "-eU", "-p", Long.toString(pid)));
  }

  /// Waits until it has told of `count` opens; it polls its buffers in the order they were filled.
  public void awaitOpens(long count) {
    await("opensnoop to tell of " + count + " opens")
        .atMost(Duration.ofSeconds(30))
        .until(() -> opens().size() >= count);
  }

  public List<Open> opens() {
    return peer.lines().stream()
        .map(LINE::matcher)
        .filter(m -> m.matches()) // a name with a line break continues on a line of its own
        .map(m ->
            new Open(
                Integer.parseInt(m.group(1)),
                Integer.parseInt(m.group(2)),
                Integer.parseInt(m.group(4)),
                Integer.parseInt(m.group(5)),
                Long.parseLong(m.group(6), 8),
                m.group(7)))
        .toList();
  }

  @Override
  public void close() {
    peer.close();
  }
}
