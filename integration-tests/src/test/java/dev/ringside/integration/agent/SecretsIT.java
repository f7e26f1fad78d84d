package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Secrets in the arguments of real programs, in every shape that people give them: none leaves the
/// machine, whatever it leaves by.
class SecretsIT {
  /// Commands, with `|` between the arguments. What stands between ‹ and › is secret.
  private static final List<String> COMMANDS =
      List.of(
          "deploy|--password|‹correct-horse-1›",
          "deploy|--db-password=‹correct-horse-2›",
          "deploy|--api-key|‹k3yk3yk3yk3y›|--verbose",
          "aws|configure|set|aws_secret_access_key|‹wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY›",
          "env|AWS_SECRET_ACCESS_KEY=‹je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY›|backup",
          "uploader|AKIA‹IOSFODNN7EXAMPLE›",
          "git|clone|https://x-access-token:‹ghs_16C7e42F292c6912E7710c838347Ae178B4a›@github.com/a/b",
          "ci|ghp_‹16C7e42F292c6912E7710c838347Ae178B4a›",
          "ci|github_pat_‹11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWX›",
          "ci|glpat-‹AbCdEfGhIjKlMnOpQrSt›",
          "verify|eyJ‹hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P›",
          "curl|-H|Authorization: Bearer ‹mF_9.B5f-4.1JqM8Xk2LpQ›|https://api.example.org",
          "curl|-H|X-Api-Key: ‹a8f5f167f44f4964e6c998dee827110c›|https://api.example.org",
          "curl|-u|admin:‹s3cr3t-of-curl›|https://example.org",
          "wget|https://joe:‹p4ss-in-url›@example.org/file",
          "mysql|-uroot|-p‹my5ql-passw0rd›|shop",
          "psql|postgres://app:‹pg-uri-passw0rd›@db:5432/shop",
          "psql|host=db user=app password=‹pg-dsn-passw0rd› dbname=shop",
          "sh|-c|PGPASSWORD=‹pg-env-passw0rd› psql -h db shop",
          "redis-cli|-a|‹r3d1s-passw0rd›|ping",
          "mongosh|mongodb+srv://app:‹m0ng0-passw0rd›@cluster0.example.net/shop",
          "sshpass|-p|‹ssh-passw0rd›|ssh|host",
          "docker|login|-u|me|-p|‹d0cker-passw0rd›|registry.example.org",
          "docker|run|-e|DB_PASSWORD=‹c0ntainer-passw0rd›|img",
          "openssl|rsa|-in|key.pem|-passin|pass:‹k3y-passphrase›",
          "slack|xoxb-‹123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx›",
          "notify|https://hooks.slack.com/services/‹T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX›",
          "maps|AIza‹SyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe›",
          "charge|sk_live_‹4eC39HqLyjWDarjtT1zdp7dc›",
          "npm|publish|npm_‹abcdefghijklmnopqrstuvwxyz0123456789›",
          "az|DefaultEndpointsProtocol=https;AccountName=a;AccountKey=‹Eby8vdM02xNOcqFlqUwJPLlmEtlCDX›;",
          "kubectl|--token|‹k8s-aws-v1.aHR0cHM6Ly9zdHMu›|get|pods",
          "kubectl|create|secret|generic|s|--from-literal=pw=‹l1teral-passw0rd›",
          "install-key|-----BEGIN OPENSSH PRIVATE KEY-----‹b3BlbnNzaC1rZXktdjEAAAAA›"
              + "-----END OPENSSH PRIVATE KEY-----",
          "ansible|-e|{\"ansible_password\": \"‹j50n-passw0rd›\"}",
          "mysql|-e|CREATE USER a IDENTIFIED BY '‹5ql-passw0rd›'");

  private static final String OF_A_HEADER = "he4der-of-the-exporter";
  private static final String OF_AN_ENVIRONMENT = "env1ronment-passw0rd";
  private static final String OF_AN_EXEC_THAT_FAILS = "f4iled-passw0rd";

  @TempDir Path directory;

  @Test
  void noneLeavesTheMachine() throws Exception {
    var otlp = directory.resolve("otlp");
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(otlp);
        var agent = start(cgroup, collector)) {
      agent.awaitRunning("process_exec", "file_open");

      for (var command : COMMANDS) run(cgroup, command.replaceAll("[‹›]", ""));
      runInEnvironment(cgroup);
      failToRun(cgroup);
      Marker.exec(cgroup, collector);
      assertThat(agent.interrupt()).as(agent.err()).isZero();
      await().until(() -> !collector.points().isEmpty() && !collector.spans().isEmpty());

      assertThat(sent(collector)).containsAll(COMMANDS.stream().map(SecretsIT::redacted).toList());
      var everything = new StringBuilder(agent.out()).append(agent.err());
      for (var file : List.of("logs.jsonl", "metrics.jsonl", "traces.jsonl"))
        everything.append(Files.readString(otlp.resolve(file)));
      assertThat(everything).contains("deploy --password").doesNotContain(secrets());
    }
  }

  private AgentProcess start(OwnCgroup cgroup, RealCollector collector) throws Exception {
    return AgentProcess.start(
        directory,
        Map.of("OTEL_EXPORTER_OTLP_HEADERS", "api-key=" + OF_A_HEADER),
        "run",
        "--console",
        "--otlp=" + collector.http(),
        "--set=process_exec.cgroup=" + cgroup.path(),
        "--set=process_exec.spans=true",
        "--set=process_exec.attributes="
            + "process.vpid,process.working_directory,process.linux.cgroup",
        "--set=file_open.cgroup=" + cgroup.path(),
        "--set=file_open.events=true");
  }

  private void run(OwnCgroup cgroup, String command) throws Exception {
    var args = List.of(command.split("\\|"));
    cgroup.run(program(args.getFirst()), args.subList(1, args.size()).toArray(String[]::new));
  }

  /// A program of that name that does nothing.
  private Path program(String name) throws Exception {
    var program = directory.resolve(name);
    if (!Files.exists(program)) Files.copy(Programs.target(), program);
    return program;
  }

  private void runInEnvironment(OwnCgroup cgroup) throws Exception {
    var command = new ProcessBuilder(cgroup.enter(List.of(program("psql").toString())));
    command.environment().put("PGPASSWORD", OF_AN_ENVIRONMENT);
    command.environment().put("TRACEPARENT", "password=" + OF_AN_ENVIRONMENT);
    assertThat(command.start().waitFor()).isZero();
  }

  private void failToRun(OwnCgroup cgroup) throws Exception {
    var missing = directory.resolve("missing").toString();
    var command = List.of(missing, "--password", OF_AN_EXEC_THAT_FAILS);
    var shell = new ProcessBuilder(cgroup.enter(command)).redirectErrorStream(true).start();
    shell.getInputStream().readAllBytes();
    assertThat(shell.waitFor()).isEqualTo(127);
  }

  private List<String> sent(RealCollector collector) {
    return collector.logs().stream()
        .filter(l -> l.name().equals("ringside.process.exec"))
        .map(l -> (List<?>) l.attributes().get("process.command_args"))
        .map(args -> String.join("|", args.stream().map(String::valueOf).toList()))
        .map(args -> args.replace(directory + "/", ""))
        .toList();
  }

  private static String redacted(String command) {
    return command.replaceAll("‹[^›]*›", "[REDACTED]");
  }

  private static String[] secrets() {
    var secrets = new ArrayList<>(List.of(OF_A_HEADER, OF_AN_ENVIRONMENT, OF_AN_EXEC_THAT_FAILS));
    for (var command : COMMANDS)
      secrets.add(command.substring(command.indexOf('‹') + 1, command.indexOf('›')));
    return secrets.toArray(String[]::new);
  }
}
