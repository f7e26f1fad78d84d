package dev.ringside.receivers.sanitize;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ringside.bpf.Text;
import java.util.ArrayList;
import java.util.List;

/// Any bytes as an argument vector.
class ArgumentSanitizerFuzzTest {
  // One that cannot be there by accident.
  private static final String SECRET = "Zq7XvKw93LmHvbT5";

  @FuzzTest
  void takesAnything(byte[] bytes) {
    var args = new Text(bytes, false).split();
    boolean cut = bytes.length % 2 == 1;

    var shown = ArgumentSanitizer.sanitize(args.isEmpty() ? null : args.getFirst(), args, cut);

    assertThat(shown).hasSameSizeAs(args);
    for (int i = 0; i < args.size(); i++) {
      if (!shown.get(i).equals(args.get(i)))
        assertThat(shown.get(i)).contains(ArgumentSanitizer.REDACTED);
    }
  }

  @FuzzTest
  void findsNothingInWhatItTakesForPlain(byte[] bytes) {
    var args = new Text(bytes, false).split();
    var name = bytes.length % 2 == 1 || args.isEmpty() ? null : args.getFirst();

    if (Plain.isPlain(name, args))
      assertThat(ArgumentSanitizer.search(name, args, false)).isSameAs(args);
  }

  @FuzzTest
  void hidesAPasswordWhateverStandsBefore(byte[] bytes) {
    var args = new ArrayList<>(List.of("program"));
    args.addAll(new Text(bytes, false).split());
    args.removeIf(arg -> arg.contains("Zq")); // it learns
    args.addAll(List.of("--verbose", "--password", SECRET, "--", "end"));

    assertThat(String.join("\n", ArgumentSanitizer.sanitize(null, args, false)))
        .doesNotContain(SECRET);
  }

  @FuzzTest
  void hidesATokenWhereverItStands(byte[] bytes) {
    var text = new Text(bytes, false).toString().replace("Zq", ""); // it learns
    var args = List.of("program", text + " ghp_" + SECRET + SECRET + " " + text);

    assertThat(String.join("\n", ArgumentSanitizer.sanitize(null, args, false)))
        .doesNotContain(SECRET);
  }
}
