package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Debian package's unit, run by a systemd, which is the first process of a pid namespace. Only
/// in a guest, where what is installed is gone afterwards.
@Tag("guest")
class SystemdUnitIT {
  private static final Path SYSTEMD = Path.of("/lib/systemd/systemd");
  private static final Path UNIT = Path.of("/usr/lib/systemd/system/ringside.service");

  private static final String RECEIVERS =
      """
      ringside:
              receivers:
                process_exec: { cgroup: %1$s }
                file_open: { cgroup: %1$s, events: true }
                syscall_latency: { cgroup: %1$s }
                tcp_connection: { cgroup: %1$s }
                function_latency: { cgroup: %1$s, functions: [do_sys_openat2] }
                user_function_latency: { cgroup: %1$s, functions: [libc:getaddrinfo] }
      """;

  /// All that systemd knows here: of this machine's units none is to be started.
  private static final List<String> TARGETS =
      List.of("sysinit", "basic", "network-online", "shutdown", "multi-user");

  @TempDir Path directory;

  @Test
  void runsAllReceiversConfinedAndStopsWithoutAFailure() throws Exception {
    assumeTrue(Files.isExecutable(SYSTEMD), "systemd is not installed");
    BareRoot.succeeds("dpkg-deb", "-x", BareRoot.made("ringside_*.deb").toString(), "/");
    BareRoot.succeeds("systemd-sysusers", "ringside.conf");
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("collector"))) {
      configure(cgroup, collector);
      var said = directory.resolve("said");
      var systemd = startSystemd(said);
      try {
        awaitSaid(said, "from now on user ringside without capabilities; may not start programs");
        assertThat(said)
            .content()
            .doesNotContain("cannot run")
            .doesNotContain("not permitted")
            .containsPattern("runs +tcp_connection")
            .containsPattern("runs +function_latency")
            .containsPattern("runs +user_function_latency");

        long pid = cgroup.run(Programs.opens(), "burst", "1", said.toString());
        cgroup.run(Path.of("/usr/bin/getent"), "ahosts", "127.0.0.1");

        await()
            .atMost(Duration.ofMinutes(2))
            .untilAsserted(() ->
                assertThat(collector.logs())
                    .extracting(e -> e.name() + " " + e.attributes().get("process.pid"))
                    .contains("ringside.process.exec " + pid, "ringside.file.open " + pid));
        assertThat(show(systemd, "ActiveState")).isEqualTo("active");
        systemctl(systemd, "stop");
        assertThat(show(systemd, "Result")).isEqualTo("success");
        assertThat(show(systemd, "ActiveState")).isEqualTo("inactive");
        assertThat(said).content().containsPattern("process_exec +\\d+ +\\d+ +0");
        await()
            .untilAsserted(() ->
                assertThat(
                        Latest.of("ringside.user.function.duration", collector.points())
                            .countsBy("code.function.name"))
                    .isEqualTo(Map.of("getaddrinfo", 1L)));
      } finally {
        systemd.destroyForcibly().waitFor();
      }
    }
  }

  private static void configure(OwnCgroup cgroup, RealCollector collector) throws Exception {
    var file = Path.of("/etc/ringside/ringside.yaml");
    var before = Files.readString(file);
    var receivers = RECEIVERS.formatted(cgroup.path());
    Files.writeString(
        file, before.substring(0, before.indexOf("ringside:\n      rec")) + receivers);
    Files.createDirectories(Path.of("/etc/default"));
    Files.writeString(Path.of("/etc/default/ringside"), "OTLP=" + collector.http() + "\n");
  }

  private Process startSystemd(Path said) throws Exception {
    var units = Files.createDirectories(directory.resolve("units"));
    Files.copy(UNIT, units.resolve(UNIT.getFileName()));
    for (var target : TARGETS)
      Files.writeString(units.resolve(target + ".target"), "[Unit]\nDefaultDependencies=no\n");
    var output = Files.createDirectories(units.resolve("ringside.service.d")).resolve("said.conf");
    Files.writeString(
        output,
        "[Service]\nStandardOutput=append:%1$s\nStandardError=append:%1$s\n".formatted(said));
    var wanted = Files.createDirectories(units.resolve("multi-user.target.wants"));
    Files.createSymbolicLink(wanted.resolve("ringside.service"), Path.of("../ringside.service"));
    var builder =
        new ProcessBuilder(
            "unshare",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
            SYSTEMD.toString(),
            "--system",
            "--unit=multi-user.target",
            "--log-target=console");
    builder.environment().put("SYSTEMD_UNIT_PATH", units.toString());
    builder.environment().put("container", "laboratory");
    var log = directory.resolve("systemd.log").toFile();
    return builder.redirectErrorStream(true).redirectOutput(log).start();
  }

  private void awaitSaid(Path said, String text) {
    await(text)
        .atMost(Duration.ofMinutes(4))
        .untilAsserted(() ->
            assertThat(Files.exists(said) ? Files.readString(said) : "")
                .as("systemd: %s", Files.readString(directory.resolve("systemd.log")))
                .contains(text));
  }

  private static String show(Process systemd, String property) throws Exception {
    return systemctl(systemd, "show", "--property=" + property, "--value").strip();
  }

  /// In the namespaces of systemd, which listens to nobody else.
  private static String systemctl(Process systemd, String... words) throws Exception {
    var pid = systemd.children().findFirst().orElseThrow().pid();
    var command = new ArrayList<>(List.of("nsenter", "--target=" + pid, "--pid", "--mount"));
    command.add("systemctl");
    command.addAll(List.of(words));
    command.add("ringside");
    return BareRoot.succeeds(command);
  }
}
