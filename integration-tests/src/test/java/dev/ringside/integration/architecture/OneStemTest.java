package dev.ringside.integration.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.receivers.ReceiverType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// One stem names everything of a receiver. Who adds one is told here what is still to do.
class OneStemTest {
  private static final Path HOUSE = Path.of("..").toAbsolutePath().normalize();

  @Test
  void everyReceiverHasAllItTakes() {
    var names = receivers().map(ReceiverType::name).toList();

    var toDo = names.stream().flatMap(name -> toDo(name).stream()).toList();

    assertThat(names).contains("process_exec", "file_open");
    assertThat(toDo).as("still to do").isEmpty();
  }

  @Test
  void everyKernelSourceHasAReceiver() throws Exception {
    var names = receivers().map(ReceiverType::name).toList();
    try (var sources = Files.list(HOUSE.resolve("bpf/src/main/bpf"))) {
      var stems =
          sources
              .map(source -> source.getFileName().toString())
              .filter(file -> file.endsWith(".bpf.c"))
              .map(file -> file.replace(".bpf.c", ""))
              .filter(stem -> !stem.equals("trial")) // tries out ways to attach, for all receivers
              .toList();

      assertThat(names).as("receivers listed in META-INF/services").containsAll(stems);
    }
  }

  @Test
  void aReceiverThatLacksEverythingGetsTheWholeList() {
    assertThat(toDo("no_such"))
        .containsExactly(
            "no_such: write bpf/src/main/bpf/no_such.bpf.c, what runs in the kernel",
            "no_such: bpf/no_such.bpf.o for x86_64 is not among the resources; build bpf/",
            "no_such: bpf/no_such.bpf.o for aarch64 is not among the resources; build bpf/",
            "no_such: write semconv/model/no_such.yaml, its names and units",
            "no_such: write receivers/docs/no_such.md, its page",
            "no_such: write receivers/src/main/java/…/NoSuchReceiver.java, the receiver",
            "no_such: write receivers/src/test/java/…/NoSuchReceiverTest.java, a test with a fake kernel",
            "no_such: write receivers/src/test/java/…/NoSuchReceiverIT.java, a test on the real kernel");
  }

  /// Ours; a third party keeps its house as it likes.
  private static Stream<ReceiverType<?>> receivers() {
    var all = new ArrayList<ReceiverType<?>>();
    for (ReceiverType<?> type : ServiceLoader.load(ReceiverType.class))
      if (type.getClass().getPackageName().startsWith("dev.ringside.receivers")) all.add(type);
    return all.stream();
  }

  private static List<String> toDo(String name) {
    var toDo = new ArrayList<String>();
    var source = "bpf/src/main/bpf/" + name + ".bpf.c";
    if (!exists(source)) toDo.add("write " + source + ", what runs in the kernel");
    for (var arch : List.of("x86_64", "aarch64"))
      if (ReceiverType.class.getResource("/bpf/" + arch + "/" + name + ".bpf.o") == null)
        toDo.add("bpf/" + name + ".bpf.o for " + arch + " is not among the resources; build bpf/");
    var registry = "semconv/model/" + name + ".yaml";
    if (!exists(registry)) toDo.add("write " + registry + ", its names and units");
    var page = "receivers/docs/" + name + ".md";
    if (!exists(page)) toDo.add("write " + page + ", its page");
    needsClass(toDo, "main", camelCase(name) + "Receiver", "the receiver");
    needsClass(toDo, "test", camelCase(name) + "ReceiverTest", "a test with a fake kernel");
    needsClass(toDo, "test", camelCase(name) + "ReceiverIT", "a test on the real kernel");
    return toDo.stream().map(todo -> name + ": " + todo).toList();
  }

  private static boolean exists(String path) {
    return Files.exists(HOUSE.resolve(path));
  }

  private static void needsClass(List<String> toDo, String tree, String name, String what) {
    var sources = "receivers/src/" + tree + "/java";
    if (!exists(sources + "/dev/ringside/receivers/" + name + ".java"))
      toDo.add("write " + sources + "/…/" + name + ".java, " + what);
  }

  private static String camelCase(String stem) {
    return Arrays.stream(stem.split("_"))
        .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
        .collect(Collectors.joining());
  }
}
