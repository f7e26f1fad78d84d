package dev.ringside.integration.otlp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/// A file that a Collector appends to. Each call reads on from where the last one stopped, so
/// waiting for a marker in a large file costs little. Not for several threads.
final class OtlpFile<T> {
  private final Path path;
  private final Function<String, List<T>> parse;
  private final List<T> records = new ArrayList<>();
  private byte[] unfinishedLine = {};
  private long position;

  OtlpFile(Path path, Function<String, List<T>> parse) {
    this.path = path;
    this.parse = parse;
  }

  /// All records so far; a live, unmodifiable view.
  List<T> records() {
    if (!Files.exists(path)) return List.of();
    try (var file = FileChannel.open(path)) {
      while (file.position(position).size() > position) {
        var chunk = ByteBuffer.allocate((int) Math.min(file.size() - position, 8 << 20));
        position += file.read(chunk);
        take(chunk.flip());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Collections.unmodifiableList(records);
  }

  private void take(ByteBuffer chunk) {
    byte[] bytes = Arrays.copyOf(unfinishedLine, unfinishedLine.length + chunk.remaining());
    chunk.get(bytes, unfinishedLine.length, chunk.remaining());
    int from = 0;
    for (int i = unfinishedLine.length; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        records.addAll(parse.apply(new String(bytes, from, i - from, StandardCharsets.UTF_8)));
        from = i + 1;
      }
    }
    unfinishedLine = Arrays.copyOfRange(bytes, from, bytes.length);
  }
}
