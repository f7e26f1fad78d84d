package dev.ringside.receivers.elf;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/// Any bytes as a program, and as the dynamic loader's cache.
class ElfFuzzTest {
  @FuzzTest
  void readsPrograms(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("fuzz", ".elf");
    try {
      Files.write(file, bytes);
      var read = ElfFile.read(file);
      for (var symbol : read.symbols()) {
        assertThat(symbol.name()).isNotEmpty();
        read.instruction(symbol.address());
      }
    } catch (InvalidFileException e) {
      assertThat(e).hasMessageNotContaining("null");
    } finally {
      Files.delete(file);
    }
  }

  @FuzzTest
  void readsTheLoadersCache(byte[] bytes) {
    try {
      var paths =
          SharedLibraries.paths(new Bytes(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)));

      assertThat(paths).allMatch(Path::isAbsolute);
    } catch (InvalidFileException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }
}
