package dev.ringside.receivers.telemetry;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/// A batch as it lies on disk: a line for people, `ringside-otlp-1 file_open=512`, and the request,
/// deflated. A checksum of both comes first.
///
/// @param records how many there are of each receiver
/// @param message the OTLP request
record SpoolFile(Map<String, Integer> records, byte[] message) {
  private static final String MAGIC = "ringside-otlp-1";
  private static final int CHECKSUM_BYTES = 4;

  /// More than any batch; what claims to be larger is not one of ours.
  private static final int LARGEST = 256 << 20;

  int count() {
    return records.values().stream().mapToInt(Integer::intValue).sum();
  }

  static byte[] write(Map<String, Integer> records, Route.Message message) throws IOException {
    var line = new StringBuilder(MAGIC);
    records.forEach((name, count) -> line.append(' ').append(name).append('=').append(count));
    var bytes = new ByteArrayOutputStream(Math.max(512, message.length() / 4));
    bytes.write(new byte[CHECKSUM_BYTES]);
    bytes.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    var deflater = new Deflater(Deflater.BEST_SPEED);
    try (var out = new DeflaterOutputStream(bytes, deflater, 8192)) {
      out.write(message.array(), message.offset(), message.length());
    } finally {
      deflater.end();
    }
    var file = bytes.toByteArray();
    ByteBuffer.wrap(file).putInt(checksum(file));
    return file;
  }

  /// @throws IOException when it is not what [#write] wrote
  static SpoolFile read(byte[] file) throws IOException {
    if (file.length < CHECKSUM_BYTES || ByteBuffer.wrap(file).getInt() != checksum(file)) {
      throw new IOException("damaged: its checksum is wrong");
    }
    int end = CHECKSUM_BYTES;
    while (end < file.length && file[end] != '\n') end++;
    var line = new String(file, CHECKSUM_BYTES, end - CHECKSUM_BYTES, StandardCharsets.UTF_8);
    var words = line.split(" ");
    if (!words[0].equals(MAGIC)) throw new IOException("written by another version: " + words[0]);
    var records = new TreeMap<String, Integer>();
    for (var word : Arrays.asList(words).subList(1, words.length)) {
      int equals = word.lastIndexOf('=');
      records.put(word.substring(0, equals), Integer.parseInt(word.substring(equals + 1)));
    }
    var deflated = new ByteArrayInputStream(file, end + 1, file.length - end - 1);
    try (var in = new InflaterInputStream(deflated)) {
      return new SpoolFile(records, in.readNBytes(LARGEST));
    }
  }

  private static int checksum(byte[] file) {
    var sum = new CRC32C();
    sum.update(file, CHECKSUM_BYTES, file.length - CHECKSUM_BYTES);
    return (int) sum.getValue();
  }
}
