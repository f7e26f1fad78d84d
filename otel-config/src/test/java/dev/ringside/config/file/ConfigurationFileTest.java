package dev.ringside.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.config.tree.Node;
import dev.ringside.config.tree.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationFileTest {
  @TempDir private Path directory;
  private final List<Problem> problems = new ArrayList<>();

  private Optional<ConfigurationFile> read(byte[] content) throws IOException {
    var file = directory.resolve("ringside.yaml");
    Files.write(file, content);
    return ConfigurationFile.read(file, Map.of(), problems);
  }

  private Optional<ConfigurationFile> read(String content) throws IOException {
    return read(content.getBytes(StandardCharsets.UTF_8));
  }

  private String problem() {
    assertThat(problems).hasSize(1);
    var text = problems.getFirst().toString();
    return text.substring(text.indexOf("ringside.yaml") + "ringside.yaml".length());
  }

  @Test
  void findsOurSection() throws IOException {
    var file =
        read(
            """
            file_format: "1.1"
            instrumentation/development:
              java:
                ringside:
                  receivers:
                    file_open: {events: true}
            """);

    assertThat(problems).isEmpty();
    var receivers = (Node.Mapping) file.orElseThrow().receivers().orElseThrow();
    assertThat(receivers.entries()).extracting(Node.Entry::key).containsExactly("file_open");
  }

  @Test
  void findsTheBuffer() throws IOException {
    var file = read(ours("buffer: {directory: /var/lib/ringside/buffer, max_size: 512MiB}"));

    assertThat(problems).isEmpty();
    assertThat(file.orElseThrow().buffer())
        .contains(new Buffer(Path.of("/var/lib/ringside/buffer"), 512 << 20));
  }

  @Test
  void aBufferHasAGibibyteWhereNobodySaysOtherwise() throws IOException {
    var file = read(ours("buffer: {directory: /b}"));

    assertThat(file.orElseThrow().buffer().orElseThrow().maxSize()).isEqualTo(1L << 30);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {max_size: 1GiB}             | directory: missing; say where, for example directory: /var/lib/ringside/buffer
          {directory: here}            | directory: "here" is not a directory; allowed: a path that begins with /
          {directory: /b, max_size: 4} | max_size: 4 is not a size from 1MiB, for example 512MiB or 1GiB
          {directory: /b, max-size: 4} | max-size: unknown key; did you mean max_size? Allowed: directory, max_size
          """)
  void refusesABufferThatIsWrong(String buffer, String expected) throws IOException {
    read(ours("buffer: " + buffer));

    assertThat(problem()).endsWith(": ringside.buffer." + expected);
  }

  private static String ours(String section) {
    return """
    file_format: "1.1"
    instrumentation/development:
      java:
        ringside:
          %s
    """
        .formatted(section);
  }

  @Test
  void isContentWithoutOurSection() throws IOException {
    var file = read("file_format: \"1.1\"\n");

    assertThat(problems).isEmpty();
    assertThat(file.orElseThrow().receivers()).isEmpty();
  }

  @Test
  void saysThatAFileIsEmpty() throws IOException {
    read("  \n");

    assertThat(problem()).isEqualTo(": empty; a configuration begins with: file_format: \"1.1\"");
  }

  @Test
  void saysThatAFileHasOnlyComments() throws IOException {
    read("# nothing yet\n");

    assertThat(problem()).startsWith(": only comments;");
  }

  @Test
  void saysThatAFileIsBinary() throws IOException {
    read(new byte[] {0x7f, 'E', 'L', 'F', 0, 1});

    assertThat(problem()).isEqualTo(": a binary file (byte 4 is 0); expected: YAML");
  }

  @Test
  void saysThatAFileIsNotText() throws IOException {
    read(new byte[] {(byte) 0xff, (byte) 0xfe, 'a', 'b'});

    assertThat(problem()).startsWith(": a binary file, or not in UTF-8");
  }

  @Test
  void saysThatThereIsNoFile() {
    var file = directory.resolve("nowhere.yaml");

    ConfigurationFile.read(file, Map.of(), problems);

    assertThat(problems).singleElement().hasToString(file + ": no such file");
  }

  @Test
  void saysThatItIsADirectory() {
    ConfigurationFile.read(directory, Map.of(), problems);

    assertThat(problems)
        .singleElement()
        .hasToString(directory + ": a directory; expected: a YAML file");
  }

  @Test
  void saysThatAFileIsNotAMapping() throws IOException {
    read("just text\n");

    assertThat(problem()).startsWith(":1:1: \"just text\" is not a configuration");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"2.0\"|:1:14: file_format: \"2.0\" is a newer format than this Ringside reads; allowed: \"1.1\", \"1.0\"",
        "\"0.3\"|:1:14: file_format: \"0.3\" is an older format than this Ringside reads; allowed: \"1.1\", \"1.0\"",
        "new|:1:14: file_format: \"new\" is not a version; allowed: \"1.1\", \"1.0\""
      })
  void saysThatTheFormatIsAnother(String format, String expected) throws IOException {
    read("file_format: " + format + "\n");

    assertThat(problem()).isEqualTo(expected);
  }

  @Test
  void asksForTheFormat() throws IOException {
    read("resource:\n");

    assertThat(problem())
        .isEqualTo(":1:1: file_format: missing; add the line: file_format: \"1.1\"");
  }

  @Test
  void findsAllProblemsAtOnce() throws IOException {
    read(
        """
        file_format: "3.0"
        logger_providr: {}
        instrumentation/development:
          java:
            ringsid: {}
        """);

    assertThat(problems)
        .extracting(p -> p.mark().line() + " " + p.path())
        .containsExactly("1 file_format", "2 logger_providr", "5 java.ringsid");
    assertThat(problems.get(1)).asString().endsWith("did you mean logger_provider?");
    assertThat(problems.get(2)).asString().endsWith("did you mean ringside?");
  }

  @Test
  void saysWhereOurSectionBelongs() throws IOException {
    read("file_format: \"1.1\"\nringside: {receivers: {}}\n");

    assertThat(problem())
        .isEqualTo(
            ":2:1: ringside: in the wrong place; it belongs at instrumentation/development: java:"
                + " ringside:");
  }

  @Test
  void leavesKeysThatWeDoNotKnowToOpenTelemetry() throws IOException {
    read("file_format: \"1.1\"\nsomething_new: {}\n");

    assertThat(problems).isEmpty();
  }

  @Test
  void refusesAnUnknownKeyInOurSection() throws IOException {
    read(
        "file_format: \"1.1\"\ninstrumentation/development: {java: {ringside: {recievers: {}}}}\n");

    assertThat(problem())
        .endsWith(
            "ringside.recievers: unknown key; did you mean receivers? Allowed: receivers, buffer");
  }
}
