package dev.ringside.receivers.sanitize;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Arguments come from strangers. Sixteen times what an event holds must not take long: what takes
/// time by the square would need minutes here.
class LinearTimeTest {
  private static final int LENGTH = 256 * 1024;
  private static final Duration LONG = Duration.ofSeconds(10);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "=",
        ":",
        "a=",
        "a:",
        "://",
        "a://b:",
        "a://b:c/",
        "@",
        "u:p@",
        "x@tcp(",
        "password=",
        "password:",
        "password=\"",
        "password='",
        "\"password\":\"",
        "auth=",
        "auth:",
        "proxy=",
        "http_proxy=",
        "credentials=/",
        "&key=",
        "?sig=",
        "--password ",
        "-p ",
        "mysql -p ",
        "sudo mysql -pa ",
        "sh -c ",
        "sh -c '",
        "sh -c \"",
        "\"",
        "'",
        "\\",
        "\\\"",
        "\\\\\"",
        "(",
        "$(",
        "`",
        "; ",
        "[",
        "{",
        "a.b=",
        "eyJ",
        "sk-",
        "ghp_",
        "bearer ",
        "Bearer a",
        "-----BEGIN ",
        "-----BEGIN A PRIVATE KEY-----",
        "PASSWORD '",
        " by '",
        "identified by ",
        "Authorization: ",
        "Cookie:",
        " ",
        "\n",
        "é"
      })
  void repetitionsOf(String part) {
    String text = part.repeat(LENGTH / part.length());

    assertTimeoutPreemptively(
        LONG,
        () -> {
          ArgumentSanitizer.sanitize(null, List.of("x", text), false);
          ArgumentSanitizer.sanitize(null, List.of("sh", "-c", text), true);
        });
  }

  @Test
  void manyArguments() {
    for (String argument :
        List.of("", "a", "sh", "mysql", "sudo", "-p", "--token", "a=b", "-c", "ssh")) {
      List<String> args = Collections.nCopies(LENGTH / 4, argument);

      assertTimeoutPreemptively(LONG, () -> ArgumentSanitizer.sanitize("mysql", args, true));
    }
  }
}
