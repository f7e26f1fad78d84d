package dev.ringside.receivers.elf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedLibrariesTest {
  private static final int OURS = System.getProperty("os.arch").equals("amd64") ? 0x0303 : 0x0a03;
  private static final int I386 = 0x0003;

  @TempDir Path root;

  @Test
  void findsWhatTheLoadersCacheHas() throws IOException {
    install("opt/libx.so.1");
    cache(new Entry(OURS, "/opt/libx.so.1"));

    assertThat(find("libx")).isEqualTo("opt/libx.so.1");
    assertThat(find("libx.so")).isEqualTo("opt/libx.so.1");
    assertThat(find("libx.so.1")).isEqualTo("opt/libx.so.1");
    assertThat(find("libx.so.2")).isNull();
    assertThat(find("lib")).isNull();
  }

  @Test
  void takesTheNewestVersionUnlessOneIsNamed() throws IOException {
    install("lib/libx.so.9");
    install("lib/libx.so.10");
    cache(new Entry(OURS, "/lib/libx.so.9"), new Entry(OURS, "/lib/libx.so.10"));

    assertThat(find("libx")).isEqualTo("lib/libx.so.10");
    assertThat(find("libx.so.9")).isEqualTo("lib/libx.so.9");
  }

  @Test
  void takesTheOneThatTheLoaderWouldTake() throws IOException {
    install("first/libx.so.1");
    install("second/libx.so.1");
    cache(new Entry(OURS, "/first/libx.so.1"), new Entry(OURS, "/second/libx.so.1"));

    assertThat(find("libx")).isEqualTo("first/libx.so.1");
  }

  @Test
  void passesOverLibrariesOfOtherProcessors() throws IOException {
    install("lib32/libx.so.1");
    install("lib/libx.so.1");
    cache(new Entry(I386, "/lib32/libx.so.1"), new Entry(OURS, "/lib/libx.so.1"));

    assertThat(find("libx")).isEqualTo("lib/libx.so.1");
  }

  @Test
  void looksIntoTheLoadersDirectoriesWhereThereIsNoCache() throws IOException {
    install("usr/lib/libx.so.1");
    install("usr/lib/libx.so.1-gdb.py");

    assertThat(find("libx")).isEqualTo("usr/lib/libx.so.1");
  }

  private record Entry(int kind, String path) {}

  private void install(String path) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
  }

  private void cache(Entry... entries) throws IOException {
    var texts = new StringBuilder();
    int at = 48 + 24 * entries.length;
    var bytes = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("glibc-ld.so.cache1.1".getBytes(StandardCharsets.US_ASCII));
    bytes.putInt(entries.length).position(48);
    for (var entry : entries) {
      bytes.putInt(entry.kind()).putInt(0).putInt(at + texts.length()).putInt(0).putLong(0);
      texts.append(entry.path()).append('\0');
    }
    bytes.put(texts.toString().getBytes(StandardCharsets.US_ASCII));
    Files.createDirectories(root.resolve("etc"));
    Files.write(root.resolve("etc/ld.so.cache"), bytes.array());
  }

  private String find(String name) {
    return new SharedLibraries(root)
        .find(name)
        .map(path -> root.relativize(path).toString())
        .orElse(null);
  }
}
