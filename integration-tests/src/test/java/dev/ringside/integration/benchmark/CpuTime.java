package dev.ringside.integration.benchmark;

import dev.ringside.integration.workload.OwnCgroup;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.stream.Collectors;

/// CPU time in seconds.
record CpuTime(double user, double system) {

  /// Of everything that ran in a cgroup since it was made, to the microsecond (cpu.stat): also of
  /// threads and children that have ended.
  static CpuTime of(OwnCgroup cgroup) throws IOException {
    Map<String, Long> stat =
        Files.readAllLines(cgroup.directory().resolve("cpu.stat")).stream()
            .map(line -> line.split(" "))
            .collect(Collectors.toMap(f -> f[0], f -> Long.parseLong(f[1])));
    return new CpuTime(stat.get("user_usec") / 1e6, stat.get("system_usec") / 1e6);
  }

  CpuTime since(CpuTime before) {
    return new CpuTime(user - before.user, system - before.system);
  }

  double sum() {
    return user + system;
  }
}
