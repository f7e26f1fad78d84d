package dev.ringside.config.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Reads a file that should be a configuration written by a person.
final class TextFile {
  /// Far more than anybody writes.
  private static final int MAX_BYTES = 1 << 20;

  private TextFile() {}

  /// @throws Unreadable when it is missing, empty, binary or too large; the message says which
  static String read(Path file) throws Unreadable {
    var bytes = bytes(file);
    if (bytes.length > MAX_BYTES)
      throw new Unreadable("larger than 1 MiB, so hardly a configuration");
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0)
        throw new Unreadable("a binary file (byte " + i + " is 0); expected: YAML");
    }
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (!text.isBlank()) return text;
    } catch (CharacterCodingException e) {
      throw new Unreadable("a binary file, or not in UTF-8; expected: YAML in UTF-8");
    }
    throw new Unreadable("empty; a configuration begins with: file_format: \"1.1\"");
  }

  private static byte[] bytes(Path file) throws Unreadable {
    try {
      if (Files.isDirectory(file)) throw new Unreadable("a directory; expected: a YAML file");
      try (var in = Files.newInputStream(file)) {
        return in.readNBytes(MAX_BYTES + 1);
      }
    } catch (NoSuchFileException e) {
      throw new Unreadable("no such file");
    } catch (AccessDeniedException e) {
      throw new Unreadable("permission denied; can this user read it?");
    } catch (IOException e) {
      throw new Unreadable("cannot be read: " + e.getMessage());
    }
  }

  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    Unreadable(String message) {
      super(message, null, false, false);
    }
  }
}
