package dev.ringside.receivers.sanitize;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArgumentSanitizerTest {
  // One that cannot be there by accident, in whole or in part.
  private static final String SECRET = "Zq7XvKw93Lm";

  // Secrets that make trouble for whoever looks for the end of a word.
  private static final List<String> AWKWARD =
      List.of(
          "x",
          "hunter2",
          "with blank",
          "a,b;c&d",
          "p%40ss",
          "quo'te",
          "dou\"ble",
          "a=b:c@d/e",
          "[x]{y}",
          "päß");

  /// Arguments, with `|` between them. What stands for § must be replaced, and nothing else.
  static Stream<String> shapes() {
    return lines("shapes.txt");
  }

  static Stream<String> ordinary() {
    return lines("ordinary.txt");
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void replacesTheSecretAndNothingElse(String shape) {
    assertThat(sanitize(args(shape, SECRET))).isEqualTo(args(shape, ArgumentSanitizer.REDACTED));
  }

  @ParameterizedTest
  @MethodSource("ordinary")
  void leavesOrdinaryCommandsAlone(String command) {
    List<String> args = List.of(command.split("\\|", -1));

    assertThat(sanitize(args)).isSameAs(args);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void doesNothingMoreTheSecondTime(String shape) {
    List<String> once = sanitize(args(shape, SECRET));

    assertThat(sanitize(once)).isEqualTo(once);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void findsItBehindProgramsThatRunOthers(String shape) {
    for (String wrapper :
        List.of(
            "sudo|-E|-u|root",
            "env|A=b|-i",
            "nohup",
            "timeout|-k|5|10",
            "nice|-n|5",
            "sudo|env|X=1|timeout|9")) {
      var wrapped = args(wrapper + "|" + shape, SECRET);

      assertThat(text(sanitize(wrapped))).as(wrapper).doesNotContain(SECRET);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void findsItInCommandStrings(String shape) {
    String quoted =
        args(shape, SECRET).stream()
            .map(ArgumentSanitizerTest::quote)
            .collect(Collectors.joining(" "));
    for (List<String> shell :
        List.of(
            List.of("sh", "-c", quoted),
            List.of("bash", "-xec", "cd /tmp && " + quoted + " | tee log; echo done"),
            List.of("ssh", "-p", "2222", "host", quoted),
            List.of("docker", "exec", "-it", "db", "sh", "-c", "A=1 " + quoted),
            List.of("sh", "-c", "sh -c " + quote(quoted)),
            List.of("sh", "-c", "x=$(" + quoted + ")"))) {
      assertThat(text(sanitize(shell))).as(shell.toString()).doesNotContain(SECRET);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void aSecretThatIsCutInTheMiddleDoesNotLeak(String shape) {
    List<String> whole = args(shape, SECRET);
    int last = 0;
    while (!whole.get(last).contains(SECRET)) last++;
    String argument = whole.get(last);
    for (int kept = 4; kept < SECRET.length(); kept++) {
      var cut = new ArrayList<>(whole.subList(0, last));
      cut.add(argument.substring(0, argument.indexOf(SECRET) + kept));

      assertThat(text(ArgumentSanitizer.sanitize(null, cut, true)))
          .doesNotContain(SECRET.substring(0, 4));
    }
  }

  @Test
  void findsSecretsOfEveryKindWhereTheyFillAWord() {
    for (String secret : AWKWARD) {
      for (String shape :
          List.of(
              "x|--password|§|y", "x|--password=§|y", "PASSWORD=§", "mysql|-p§", "curl|-u|me:§")) {
        assertThat(sanitize(args(shape, secret)))
            .as(shape + " with " + secret)
            .isEqualTo(args(shape, ArgumentSanitizer.REDACTED));
      }
    }
  }

  @Test
  void findsSecretsOfEveryKindInQuotes() {
    for (String secret : AWKWARD) {
      var command =
          List.of("sh", "-c", "TOKEN=" + quote(secret) + " run --password " + quote(secret));

      assertThat(text(sanitize(command)))
          .as(secret)
          .isEqualTo("sh\n-c\nTOKEN='[REDACTED]' run --password '[REDACTED]'");
    }
  }

  @Test
  void findsPasswordsInUrlsThatAreNotEncodedAsTheyShouldBe() {
    for (String secret : List.of("a/b", "a@b", "a?b#c", "1/2", "a'b", "12:34", "a\"b/c@d")) {
      assertThat(sanitize(List.of("x", "amqp://me:" + secret + "@h:5672/v")))
          .as(secret)
          .containsExactly("x", "amqp://me:[REDACTED]@h:5672/v");
    }
  }

  @Test
  void findsWhatIsPrintedIntoAProgramThatReadsIt() {
    for (String reader :
        List.of("docker login -u me --password-stdin", "chpasswd", "sudo -S true")) {
      assertThat(sanitize(List.of("sh", "-c", "echo 'me:" + SECRET + "' | " + reader)))
          .containsExactly("sh", "-c", "echo '[REDACTED]' | " + reader);
    }
  }

  @Test
  void aVariableOfAContainerMayHaveBlanks() {
    assertThat(sanitize(List.of("docker", "run", "--env=DB_PASS=my secret phrase", "img")))
        .containsExactly("docker", "run", "--env=DB_PASS=[REDACTED]", "img");
  }

  @Test
  void knowsTokensByTheirForm() {
    for (String prefix : List.of("ghp_", "glpat-", "xoxb-", "AKIA", "sk-", "npm_", "hvs.", "eyJ")) {
      String token = prefix + "0123456789ABCDEFGHIJabcdefghij0123456789";

      assertThat(text(sanitize(List.of("x", token, "a=" + token + ",b", "https://h/" + token))))
          .as(prefix)
          .isEqualTo("x\nP\na=P,b\nhttps://h/P".replace("P", prefix + "[REDACTED]"));
    }
  }

  @Test
  void knowsATokenBehindAByteThatIsNoCharacter() {
    assertThat(sanitize(List.of("x", "\\xffghp_0123456789ABCDEFGHIJabcdefghij012345")))
        .containsExactly("x", "\\xffghp_[REDACTED]");
  }

  @Test
  void takesAWholeJsonWebToken() {
    String token =
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P";

    assertThat(sanitize(List.of("x", token))).containsExactly("x", "eyJ[REDACTED]");
  }

  @Test
  void knowsTheProgramByItsFileToo() {
    List<String> args = List.of("renamed", "-phunter2");

    assertThat(ArgumentSanitizer.sanitize("mysql", args, false))
        .containsExactly("renamed", "-p[REDACTED]");
  }

  @Test
  void takesAPrivateKeyFromBeginToEnd() {
    String key =
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n" + SECRET + "\n-----END RSA PRIVATE KEY-----\n";

    assertThat(sanitize(List.of("x", key)).getLast())
        .isEqualTo("-----BEGIN RSA PRIVATE KEY-----[REDACTED]-----END RSA PRIVATE KEY-----\n");
    assertThat(ArgumentSanitizer.sanitize(null, List.of("x", key.substring(0, 45)), true).getLast())
        .isEqualTo("-----BEGIN RSA PRIVATE KEY-----[REDACTED]");
  }

  @Test
  void leavesPublicKeysAndCertificates() {
    List<String> args =
        List.of("x", "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----\n");

    assertThat(sanitize(args)).isSameAs(args);
  }

  private static List<String> sanitize(List<String> args) {
    return ArgumentSanitizer.sanitize(null, args, false);
  }

  private static List<String> args(String shape, String secret) {
    return Stream.of(shape.split("\\|", -1)).map(a -> a.replace("§", secret)).toList();
  }

  private static String quote(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  private static String text(List<String> args) {
    return String.join("\n", args);
  }

  private static Stream<String> lines(String file) {
    try (var in = ArgumentSanitizerTest.class.getResourceAsStream(file)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.isBlank() && !line.startsWith("#"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
