package dev.ringside.config.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.config.fake.FakeOptions;
import dev.ringside.config.fake.FakeReceiver;
import dev.ringside.config.tree.Mark;
import dev.ringside.config.tree.Node;
import dev.ringside.config.tree.Problem;
import dev.ringside.config.tree.Yaml;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReceiverSelectionTest {
  private static final ReceiverTypes TYPES =
      new ReceiverTypes(
          List.of(
              new FakeReceiver("beta"),
              new FakeReceiver("alpha"),
              new FakeReceiver("costly", false)));

  private final List<Problem> problems = new ArrayList<>();
  private final ReceiverSelection selection = new ReceiverSelection(TYPES, problems);

  private Node yaml(String text) {
    return Yaml.read("f.yaml", text, Map.of(), problems).orElseThrow();
  }

  private List<String> names() {
    return selection.choose().stream().map(ChosenReceiver::name).toList();
  }

  @Test
  void runsAllWhenNobodySaysWhich() {
    assertThat(names()).containsExactly("alpha", "beta");
  }

  @Test
  void runsWhatWaitsToBeAskedForWhenItIsNamed() {
    selection.only(Mark.of("--receivers"), List.of("costly"));

    assertThat(names()).containsExactly("costly");
  }

  @Test
  void takesSettingAnOptionForAskingUnlessThereIsAList() {
    selection.set("costly.count=4");

    assertThat(names()).containsExactly("alpha", "beta", "costly");

    selection.only(Mark.of("--receivers"), List.of("alpha"));

    assertThat(names()).containsExactly("alpha");
  }

  @Test
  void triesOutWhatWaitsToBeAskedForAsWell() {
    selection.forTrying();

    assertThat(names()).containsExactly("alpha", "beta", "costly");
  }

  @Test
  void runsOnlyWhatAFileLists() {
    selection.configured(yaml("beta:\n"));

    assertThat(names()).containsExactly("beta");
  }

  @Test
  void letsTheCommandLineSayWhichOfThemRun() {
    selection.configured(yaml("beta: {count: 9}\n")).only(Mark.of("--receivers"), List.of("alpha"));

    var chosen = selection.choose();

    assertThat(chosen).singleElement().returns("alpha", ChosenReceiver::name);
    assertThat(chosen.getFirst().isNamed()).isTrue();
  }

  @Test
  void letsTheCommandLineWinOverTheFile() {
    selection
        .configured(yaml("beta: {count: 9, events: true}\n"))
        .set("beta.count=4")
        .set("beta.paths=/etc,/tmp");

    var options = (FakeOptions) selection.choose().getFirst().options();

    assertThat(problems).isEmpty();
    assertThat(options.count()).isEqualTo(4);
    assertThat(options.events()).isTrue();
    assertThat(options.paths()).containsExactly("/etc", "/tmp");
  }

  @Test
  void beginsWithWhatIsWorthSeeingForSomebodyWhoLooks() {
    selection.forLooking();

    var options = (FakeOptions) selection.choose().getFirst().options();

    assertThat(options.events()).isTrue();
  }

  @Test
  void namesTheNearestReceiverForOneThatDoesNotExist() {
    selection.configured(yaml("alhpa: {}\n")).only(Mark.of("--receivers gamma"), List.of("gamma"));

    assertThat(problems)
        .extracting(Problem::toString)
        .containsExactly(
            "f.yaml:1:1: ringside.receivers.alhpa: no such receiver; did you mean alpha?"
                + " Allowed: alpha, beta, costly",
            "--receivers gamma: ringside.receivers.gamma: no such receiver;"
                + " allowed: alpha, beta, costly");
  }

  @Test
  void saysHowASettingIsWritten() {
    selection.set("events=true");

    assertThat(problems)
        .singleElement()
        .hasToString("--set events=true: write it as receiver.option=value: file_open.events=true");
  }

  @Test
  void refusesAListWhereNamesWithOptionsBelong() {
    selection.configured(yaml("- alpha\n"));

    assertThat(problems)
        .singleElement()
        .asString()
        .contains("a list is not allowed; allowed: names");
  }

  @Test
  void saysWhatIsWrongInJavaAsWell() {
    selection.configured(
        Node.of(Mark.of("Ringside.builder()"), Map.of("alpha", Map.of("count", "x"))));
    selection.choose();

    assertThat(problems)
        .singleElement()
        .asString()
        .startsWith("Ringside.builder(): ringside.receivers.alpha.count: \"x\" is not allowed");
  }
}
