package dev.ringside.integration.agent;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// BPF programs, maps and links in the kernel, as `prog 12`, `map 7`, `link 3`.
final class KernelObjects {
  private static final Path BPFTOOL = Path.of("/usr/sbin/bpftool");

  private static final int MOST_TIMES = 1000;

  private KernelObjects() {}

  /// Those that a process holds open, from its descriptors (proc_pid_fdinfo(5)).
  static Set<String> heldBy(long pid) throws IOException {
    var objects = new TreeSet<String>();
    try (var descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fdinfo"))) {
      for (var descriptor : descriptors)
        for (var line : linesOf(descriptor))
          for (var kind : List.of("prog", "map", "link"))
            if (line.startsWith(kind + "_id:"))
              objects.add(kind + " " + line.substring(kind.length() + 4).strip());
    }
    return objects;
  }

  private static List<String> linesOf(Path descriptor) throws IOException {
    try {
      return Files.readAllLines(descriptor);
    } catch (NoSuchFileException e) {
      return List.of(); // closed meanwhile: a connection
    }
  }

  /// All that exist. Skips the test when there is no bpftool to ask.
  static Set<String> all() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(BPFTOOL), "bpftool is not installed");
    var objects = new TreeSet<String>();
    for (var kind : List.of("prog", "map", "link")) {
      for (var object : JsonParser.parseString(show(kind)).getAsJsonArray())
        objects.add(kind + " " + object.getAsJsonObject().get("id").getAsString());
    }
    return objects;
  }

  /// A link that somebody is about to attach has a number already, and is not to be asked (EAGAIN);
  /// then bpftool ends.
  private static String show(String kind) throws IOException, InterruptedException {
    for (int time = 1; ; time++) {
      var bpftool = new ProcessBuilder(BPFTOOL.toString(), "-j", kind, "show").start();
      var said = new String(bpftool.getInputStream().readAllBytes());
      if (bpftool.waitFor() == 0) return said;
      if (time == MOST_TIMES || !said.contains("Resource temporarily unavailable"))
        throw new IOException("bpftool " + kind + " show: " + said);
    }
  }
}
