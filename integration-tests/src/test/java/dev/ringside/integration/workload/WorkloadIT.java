package dev.ringside.integration.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The truth itself is compared with what the kernel says to a debugger.
class WorkloadIT {
  private static final Pattern CALL = Pattern.compile("^(\\d+) (\\w+)\\(.*\\) += (-?\\d+).*");

  private static final Pattern SUPERSEDED =
      Pattern.compile("(\\d+) +\\+\\+\\+ superseded by execve in pid (\\d+) \\+\\+\\+");

  private static final Pattern BEGUN =
      Pattern.compile("(.*)<(?:unfinished|pid changed to (\\d+)) \\.\\.\\.>$");

  @TempDir Path directory;

  @Test
  void opensNothingThatItDoesNotTell() throws Exception {
    var seen = directory.resolve("strace");

    Truth truth =
        underStrace(
            seen,
            "open,openat,openat2,creat",
            Programs.opens(),
            Workload.workIn(directory).toString());

    assertThat(calls(seen))
        .containsExactlyInAnyOrderElementsOf(
            truth.opens().stream().map(o -> call(o.tid(), o.systemCall(), o.errno())).toList());
  }

  @Test
  void executesNothingThatItDoesNotTell() throws Exception {
    var seen = directory.resolve("strace");

    Truth truth =
        underStrace(seen, "execve,execveat", Programs.execs(), Workload.execsArguments(directory));

    var calls = calls(seen);
    assertThat(calls.removeFirst()).as("strace's own").contains("execve");
    assertThat(calls.stream().map(c -> c.replace("execveat", "execve")))
        .containsExactlyInAnyOrderElementsOf(
            truth.execs().stream().map(e -> call(e.tid(), "execve", e.errno())).toList());
    assertThat(truth.exits()).hasSize(truth.forks());
  }

  @Test
  void runsInItsCgroupAndLeavesNone() throws Exception {
    Path directory;
    try (var cgroup = OwnCgroup.create();
        var workload = Workload.execBurst(cgroup, 3)) {
      directory = cgroup.directory();
      assertThat(Files.readString(Path.of("/proc/" + workload.pid() + "/cgroup")))
          .contains("0::" + cgroup.path() + "\n");

      var truth = workload.run();

      assertThat(truth.bursts()).singleElement().satisfies(b -> assertThat(b.pids()).hasSize(3));
    }
    assertThat(directory).doesNotExist();
  }

  private static Truth underStrace(Path seen, String calls, Path program, String... args)
      throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "strace is not installed");
    var command = new ArrayList<String>();
    command.addAll(List.of("strace", "-f", "-qq", "-e", "signal=none", "-e", "trace=" + calls));
    command.addAll(List.of("-o", seen.toString(), program.toString()));
    command.addAll(List.of(args));
    var process = new ProcessBuilder(command).redirectInput(Path.of("/dev/null").toFile()).start();
    var lines = process.inputReader().lines().toList();
    assertThat(process.waitFor()).isZero();
    return Truth.of(Truth.start(lines.getFirst()), lines.subList(1, lines.size()));
  }

  /// Joins the calls that strace tells in two halves; the second half of an exec from a thread
  /// belongs to the main one.
  private static List<String> calls(Path seen) throws Exception {
    var calls = new ArrayList<String>();
    var unfinished = new HashMap<String, String>();
    for (var line : Files.readAllLines(seen, StandardCharsets.ISO_8859_1)) {
      var pid = line.split(" +")[0];
      var begun = BEGUN.matcher(line);
      if (begun.matches()) {
        unfinished.put(begun.group(2) == null ? pid : begun.group(2), begun.group(1));
        continue;
      }
      // Where strace did not see the new id coming, it says afterwards whose call goes on.
      var superseded = SUPERSEDED.matcher(line);
      if (superseded.matches()) {
        var call = unfinished.remove(superseded.group(2));
        if (call != null) unfinished.put(superseded.group(1), call);
        continue;
      }
      var resumed = line.indexOf("resumed>");
      if (resumed > 0) line = unfinished.remove(pid) + line.substring(resumed + 8);
      var call = CALL.matcher(line.replaceFirst("^(\\d+) +", "$1 "));
      if (call.matches()) calls.add(call(Integer.parseInt(pid), call.group(2), errno(line)));
    }
    return calls;
  }

  private static int errno(String line) {
    var names =
        List.of(
            "ENOENT:2",
            "E2BIG:7",
            "ENOEXEC:8",
            "EBADF:9",
            "EACCES:13",
            "EFAULT:14",
            "EEXIST:17",
            "EXDEV:18",
            "ENOTDIR:20",
            "EISDIR:21",
            "EINVAL:22",
            "ENAMETOOLONG:36",
            "ELOOP:40",
            "EOPNOTSUPP:95");
    for (var name : names) {
      var parts = name.split(":");
      if (line.contains("= -1 " + parts[0] + " ")) return Integer.parseInt(parts[1]);
    }
    return 0;
  }

  private static String call(int tid, String name, int errno) {
    return tid + " " + name + " " + errno;
  }
}
