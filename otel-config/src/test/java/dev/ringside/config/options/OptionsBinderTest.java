package dev.ringside.config.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.config.fake.FakeOptions;
import dev.ringside.config.fake.FakeReceiver;
import dev.ringside.config.tree.Mark;
import dev.ringside.config.tree.Problem;
import dev.ringside.config.tree.Yaml;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsBinderTest {
  private final FakeReceiver receiver = new FakeReceiver("fake");
  private final List<Problem> problems = new ArrayList<>();

  private FakeOptions bind(String yaml) {
    var node = Yaml.read("f.yaml", yaml, Map.of(), problems).orElseThrow();
    return new OptionsBinder<>(receiver, FakeOptions.DEFAULT, problems)
        .layer(node)
        .bind(Mark.of("f.yaml"));
  }

  @Test
  void bindsEveryTypeByItsSnakeCaseName() {
    var options =
        bind(
            """
            events: true
            count: 5
            ring_bytes: 1MiB
            ratio: 2
            only_command: 7
            min_duration: 10ms
            loudness: loud
            steps: loud,very_quiet
            paths: [/etc, /tmp]
            fields: {vfs_read: [file->f_flags, count], vfs_open: path}
            """);

    assertThat(problems).isEmpty();
    assertThat(options)
        .isEqualTo(
            new FakeOptions(
                true,
                5,
                1_048_576,
                2.0,
                "7",
                Duration.ofMillis(10),
                FakeOptions.Loudness.LOUD,
                List.of(FakeOptions.Loudness.LOUD, FakeOptions.Loudness.VERY_QUIET),
                List.of("/etc", "/tmp"),
                Map.of(
                    "vfs_read", List.of("file->f_flags", "count"), "vfs_open", List.of("path"))));
  }

  @Test
  void aLaterLayerNamesWhatItChangesInListsByName() {
    var first = Yaml.read("f.yaml", "fields: {a: [x], b: [y]}", Map.of(), problems).orElseThrow();
    var second = Yaml.read("g.yaml", "fields.b: 'z->w,v'", Map.of(), problems).orElseThrow();

    var options =
        new OptionsBinder<>(receiver, FakeOptions.DEFAULT, problems)
            .layer(first)
            .layer(second)
            .bind(Mark.of("f.yaml"));

    assertThat(problems).isEmpty();
    assertThat(options.fields()).isEqualTo(Map.of("a", List.of("x"), "b", List.of("z->w", "v")));
  }

  @Test
  void keepsTheDefaultOfWhatIsNotNamed() {
    var options = bind("count: 4");

    assertThat(options.ringBytes()).isEqualTo(FakeOptions.DEFAULT.ringBytes());
    assertThat(options.count()).isEqualTo(4);
  }

  @Test
  void takesWholeMillisecondsAsOpenTelemetryDoes() {
    var options = bind("min_duration: 1500");

    assertThat(options.minDuration()).isEqualTo(Duration.ofMillis(1500));
  }

  @Test
  void namesThePlaceAndTheNearestOptionForATypo() {
    bind("\nmin_duraton: 1s\n");

    assertThat(problems)
        .singleElement()
        .asString()
        .startsWith(
            "f.yaml:2:1: ringside.receivers.fake.min_duraton: no such option;"
                + " did you mean min_duration? Allowed: events, count,");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "events: yes|\"yes\" is not allowed; allowed: true or false",
        "count: many|\"many\" is not allowed; allowed: a whole number",
        "count: 11|11 is out of range; allowed: 1 to 10",
        "count: 9999999999|9999999999 is not allowed; allowed: a whole number",
        "ring_bytes: 1XB|\"1XB\" is not allowed; allowed: a number of bytes",
        "ring_bytes: 1KiB|\"1KiB\" is out of range; allowed: at least 4KiB",
        "ratio: half|\"half\" is not allowed; allowed: a number",
        "only_command: [a]|a list is not allowed; allowed: text",
        "min_duration: soon|\"soon\" is not allowed; allowed: a duration such as 500us, 10ms",
        "min_duration: -5|-5 is not allowed; allowed: a duration",
        "loudness: lod|\"lod\" is not allowed; did you mean loud? Allowed: one of very_quiet, loud",
        "steps: [loud, lod]|a list is not allowed; did you mean loud? Allowed: a list, such as [a, b] or a,b, of very_quiet, loud",
        "fields: [a]|a list is not allowed; allowed: names with a list of texts each, such as {a: [b, c]}",
        "paths: {a: b}|a mapping is not allowed; allowed: a list of texts",
        "events:|nothing is not allowed; allowed: true or false"
      })
  void saysWhatIsWrongAndWhatIsAllowed(String yaml, String message) {
    bind(yaml);

    assertThat(problems).singleElement().asString().contains(": " + message);
  }

  @Test
  void findsAllProblemsAtOnce() {
    bind("events: 1\ncount: x\nnothing_like_it: 3\n");

    assertThat(problems).extracting(p -> p.mark().line()).containsExactly(1, 2, 3);
  }

  @Test
  void saysWhereTheOptionIsThatTheReceiverItselfRefuses() {
    bind("events: true\nonly_command: far-too-long-for-a-command\n");

    assertThat(problems)
        .singleElement()
        .hasToString(
            "f.yaml:2:15: ringside.receivers.fake.only_command: a command has at most 15 bytes");
  }

  @Test
  void showsControlCharactersOfAWrongValue() {
    bind("events: \"\\e[31m\"");

    assertThat(problems).singleElement().asString().contains("\\x1b[31m").doesNotContain("\u001b");
  }
}
