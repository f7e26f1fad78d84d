package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is handed to others runs where nothing of what built it is.
class BareRootIT {
  @TempDir Path directory;

  @Test
  void runsFromTheArchiveWithNothingButACLibraryAndAShell() throws Exception {
    var root = BareRoot.make(directory.resolve("root"));
    root.unpack(BareRoot.made("ringside-*.tar.gz"), "opt/anywhere");
    var file = Files.createFile(directory.resolve("notes.txt"));
    try (var cgroup = OwnCgroup.create();
        var agent =
            AgentProcess.start(
                directory,
                // `on` is for: with the AOT cache or not at all.
                Map.of("RINGSIDE_JAVA_OPTIONS", "-XX:AOTMode=on"),
                root.enter(
                    "/opt/anywhere/bin/ringside",
                    "run",
                    "--set=process_exec.cgroup=" + cgroup.path(),
                    "--set=file_open.cgroup=" + cgroup.path()))) {
      agent.awaitRunning("process_exec", "file_open");

      long pid = cgroup.run(Programs.opens(), "burst", "1", file.toString());

      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() ->
              assertThat(agent.out())
                  .containsPattern("exec +" + pid + " .*" + Programs.opens() + " burst 1 " + file)
                  .containsPattern("open +" + pid + " .*" + file)
                  .containsPattern("exit +" + pid + " .*code 0"));
      assertThat(agent.interrupt()).as(agent.err()).isZero();
      assertThat(agent.err()).contains("from now on user ringside");
    }
  }

  @Test
  void hasARuntimeOfFewModulesAndItsCertificates() throws Exception {
    var root = BareRoot.make(directory.resolve("root"));
    root.unpack(BareRoot.made("ringside-*.tar.gz"), "opt/ringside");

    var modules =
        BareRoot.succeeds(root.enter("/opt/ringside/lib/runtime/bin/java", "--list-modules"));

    assertThat(modules.lines()).as(modules).hasSizeLessThan(6);
    assertThat(root.directory().resolve("opt/ringside/lib/runtime/lib/security/cacerts"))
        .isNotEmptyFile();
  }

  @Test
  void installsAndRemovesItsDebianPackage() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/dpkg")), "dpkg is not installed");
    var root = BareRoot.make(directory.resolve("root"));
    Files.createDirectories(root.directory().resolve("var/lib/dpkg/updates"));
    Files.createDirectories(root.directory().resolve("var/lib/dpkg/info"));
    Files.createFile(root.directory().resolve("var/lib/dpkg/status"));
    var dpkg = new String[] {"dpkg", "--root=" + root.directory(), "--force-depends"};

    BareRoot.succeeds(
        dpkg[0], dpkg[1], dpkg[2], "--install", BareRoot.made("ringside_*.deb").toString());

    var check =
        BareRoot.succeeds(
            root.enter("/usr/bin/ringside", "config", "check", "/etc/ringside/ringside.yaml"));
    assertThat(check).doesNotContain("Exception");
    assertThat(root.directory().resolve("usr/lib/systemd/system/ringside.service")).exists();
    BareRoot.succeeds(dpkg[0], dpkg[1], dpkg[2], "--purge", "ringside");
    assertThat(root.directory().resolve("usr/lib/ringside")).doesNotExist();
    assertThat(root.directory().resolve("etc/ringside")).doesNotExist();
  }
}
