package dev.ringside.integration.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {
  private static final String MACHINE = "| | What |\n|---|---|\n| Processors | 2 |\n";

  @TempDir Path directory;

  private record Named(String name) implements Benchmark {
    @Override
    public String title() {
      return "The " + name;
    }

    @Override
    public String what() {
      return "How " + name + " does.";
    }

    @Override
    public String peer() {
      return "`peer`, doing the same.";
    }

    @Override
    public Result run(Path directory) {
      throw new UnsupportedOperationException("only its section is looked at");
    }
  }

  @Test
  void saysWhatWasMeasuredAndWhatWasNot() {
    var result =
        new Result()
            .verdict(Verdict.atMost(2, 1, "at most 2 s", "1 s"))
            .table(Table.of("Who", "s").row("we", 1))
            .notMeasured("other machines");

    var section = Section.of(new Named("one"), result, "on a Monday");

    assertThat(section.markdown())
        .isEqualTo(
            """
            ## The one
            How one does.

            Peer: `peer`, doing the same.

            - **met**: at most 2 s. 1 s

            | Who | s |
            |---|---:|
            | we | 1 |

            Not measured:

            - other machines

            *`./ringside benchmark one`: on a Monday*
            """);
  }

  @Test
  void listsEveryGoalAtTheTopMetOrNot() {
    var page = new Page(List.of("one"));
    var result =
        new Result()
            .verdict(Verdict.atMost(2, 1, "at most 2 s", "1 s"))
            .verdict(Verdict.atMost(2, 3, "at most 2 MB", "3 MB"));
    page.put(Section.of(new Named("one"), result, "today"));

    assertThat(page.markdown(MACHINE))
        .contains("| The one | at most 2 s. 1 s | **met** |\n")
        .contains("| The one | at most 2 MB. 3 MB | **not met** |\n")
        .contains(MACHINE);
  }

  @Test
  void admitsThatSomethingCouldNotBeMeasured() {
    var page = new Page(List.of("one"));
    page.put(Section.without(new Named("one"), "no Go here\nand no QEMU", "today"));

    assertThat(page.markdown(MACHINE))
        .contains("| The one | no Go here; and no QEMU | **not measured** |\n");
  }

  @Test
  void keepsTheOtherSectionsWhenOneIsRepeated() throws Exception {
    var file = directory.resolve("page.md");
    var before = new Page(List.of("one", "two", "three"));
    var old = Section.of(new Named("two"), new Result().note("old"), "then");
    var kept = Section.of(new Named("one"), new Result().note("kept"), "then");
    before.put(old);
    before.put(kept);
    before.write(file, MACHINE);

    var after = new Page(List.of("one", "two", "three"));
    after.read(file);
    var repeated = Section.of(new Named("two"), new Result().note("new"), "now");
    after.put(repeated);
    after.write(file, MACHINE);

    assertThat(Section.in(Files.readString(file))).containsExactly(kept, repeated);
    assertThat(Files.readString(file)).contains("Not run yet: three.").doesNotContain("old");
  }

  @Test
  void forgetsABenchmarkThatIsNoMore() throws Exception {
    var file = directory.resolve("page.md");
    var before = new Page(List.of("one"));
    before.put(Section.of(new Named("one"), new Result(), "then"));
    before.write(file, MACHINE);

    var after = new Page(List.of("two"));
    after.read(file);

    assertThat(after.markdown(MACHINE)).doesNotContain("The one");
  }
}
