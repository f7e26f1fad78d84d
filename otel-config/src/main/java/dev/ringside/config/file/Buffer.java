package dev.ringside.config.file;

import dev.ringside.config.options.Quantities;
import dev.ringside.config.tree.Node;
import dev.ringside.config.tree.Problem;
import dev.ringside.receivers.Nearest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// `ringside: buffer:`, where records wait on disk while a server does not answer.
///
/// @param maxSize of everything in it, in bytes
public record Buffer(Path directory, long maxSize) {
  /// A gibibyte.
  public static final long DEFAULT_SIZE = 1L << 30;

  private static final long LEAST = 1 << 20;
  private static final List<String> KEYS = List.of("directory", "max_size");

  /// Empty when there is no such section, or something is wrong with it, which is added to the
  /// list.
  static Optional<Buffer> read(Node node, List<Problem> problems) {
    if (node == null || node instanceof Node.Scalar s && s.value() == null) return Optional.empty();
    var path = "ringside.buffer";
    if (!(node instanceof Node.Mapping section)) {
      var message = node.describe() + " is not allowed; allowed: a mapping with directory";
      problems.add(new Problem(node.mark(), path, message));
      return Optional.empty();
    }
    for (var entry : section.entries()) {
      if (KEYS.contains(entry.key())) continue;
      var message = "unknown key" + Nearest.among(entry.key(), KEYS);
      problems.add(new Problem(entry.mark(), path + "." + entry.key(), message));
    }
    var directory = directory(section, problems);
    long maxSize = maxSize(section.get("max_size"), problems);
    return directory.map(d -> new Buffer(d, maxSize));
  }

  private static Optional<Path> directory(Node.Mapping section, List<Problem> problems) {
    var node = section.get("directory");
    if (node instanceof Node.Scalar s && s.text().startsWith("/")) {
      return Optional.of(Path.of(s.text()));
    }
    var message =
        node == null
            ? "missing; say where, for example directory: /var/lib/ringside/buffer"
            : node.describe() + " is not a directory; allowed: a path that begins with /";
    var mark = node == null ? section.mark() : node.mark();
    problems.add(new Problem(mark, "ringside.buffer.directory", message));
    return Optional.empty();
  }

  private static long maxSize(Node node, List<Problem> problems) {
    if (node == null) return DEFAULT_SIZE;
    var bytes = node instanceof Node.Scalar s ? Quantities.bytes(s.text()) : OptionalLong.empty();
    if (bytes.isPresent() && bytes.getAsLong() >= LEAST) return bytes.getAsLong();
    var message = node.describe() + " is not a size from 1MiB, for example 512MiB or 1GiB";
    problems.add(new Problem(node.mark(), "ringside.buffer.max_size", message));
    return DEFAULT_SIZE;
  }
}
