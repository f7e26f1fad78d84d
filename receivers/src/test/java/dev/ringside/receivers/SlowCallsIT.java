package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.params.provider.EnumSource.Mode.EXCLUDE;

import dev.ringside.bpf.BpfException;
import dev.ringside.receivers.FunctionLatencyOptions.Mechanism;
import dev.ringside.semconv.Keys;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is told of single calls.
class SlowCallsIT {
  private static final String ARGUMENT = "ringside.function.argument.";

  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");

  @ParameterizedTest
  @EnumSource(mode = EXCLUDE, names = "ANY")
  void tellsWhatACallWasMadeWithAndFromWhere(Mechanism mechanism) throws Exception {
    var paths =
        List.of("file->f_path.dentry->d_name", "count", "file->f_inode->i_sb->s_type->name");
    var options =
        watching("vfs_read", "hrtimer_nanosleep")
            .eventsWithArguments(Map.of("vfs_read", paths))
            .eventsWithStacks()
            .by(mechanism);
    try (var observation = start(options)) {
      run("dd", "if=/proc/self/comm", "of=/dev/null", "status=none", "bs=77", "count=1");
      run("sleep", "0.2");

      var events = observation.end().events;

      assertThat(events)
          .extracting(SlowCallsIT::arguments)
          .contains(
              Map.of(
                  "file.f_path.dentry.d_name",
                  "comm",
                  "count",
                  77L,
                  "file.f_inode.i_sb.s_type.name",
                  "proc"));
      assertThat(events)
          .filteredOn(e -> e.get(Keys.CODE_FUNCTION_NAME).equals("hrtimer_nanosleep"))
          .singleElement()
          .satisfies(e -> assertIsSleep(e.get(Keys.CODE_STACKTRACE), mechanism));
    }
  }

  private static void assertIsSleep(String stack, Mechanism mechanism) {
    var lines = stack.lines().toList();
    assertThat(lines.getFirst()).isEqualTo("hrtimer_nanosleep");
    // Of a kretprobe, older kernels (5.10) do not say what is behind their own trampoline.
    if (mechanism != Mechanism.KPROBE)
      assertThat(lines).anyMatch(f -> f.startsWith("do_syscall_64+0x"));
    // The process is gone when it is read of, or nearly so.
    assertThat(lines).anyMatch(f -> f.matches("(/.*/libc[^/]*|[0-9a-f]{40})\\+0x[0-9a-f]+"));
  }

  @Test
  void readsEveryKindOfValue() throws Exception {
    var options =
        FunctionLatencyOptionsBuilder.watching("tcp_sendmsg")
            .ofProcess(ProcessHandle.current().pid())
            .eventsWithArguments(
                "sk->__sk_common.skc_dport",
                "sk->__sk_common.skc_num",
                "sk->__sk_common.skc_reuse",
                "sk->__sk_common.skc_prot->name",
                "sk->__sk_common.skc_prot->no_autobind",
                "sk->sk_socket->state",
                "sk->sk_socket",
                "size");
    try (var observation = start(options);
        var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var client = new Socket()) {
      client.setReuseAddress(true);
      client.connect(server.getLocalSocketAddress());
      client.getOutputStream().write(new byte[123]);

      var events = observation.end().events;

      assertThat(events).hasSize(1);
      var said = arguments(events.getFirst());
      assertThat(said)
          .contains(
              entry("sk.__sk_common.skc_dport", (long) server.getLocalPort()),
              entry("sk.__sk_common.skc_num", (long) client.getLocalPort()),
              entry("sk.__sk_common.skc_reuse", 1L),
              entry("sk.__sk_common.skc_prot.no_autobind", true),
              entry("sk.sk_socket.state", "SS_CONNECTED"),
              entry("size", 123L));
      assertThat((String) said.get("sk.__sk_common.skc_prot.name")).startsWith("TCP");
      assertThat((String) said.get("sk.sk_socket")).matches("0xffff[0-9a-f]{12}");
    }
  }

  @Test
  void tellsOfEachCallItsOwnArguments() throws Exception {
    var options = watching("vfs_read", "vfs_write").eventsWithArguments("count");
    try (var observation = start(options)) {
      run("dd", "if=/dev/zero", "of=/dev/null", "status=none", "bs=71", "count=5");
      run("dd", "if=/dev/zero", "of=/dev/null", "status=none", "bs=72", "count=3");

      var counts = new HashMap<Object, Integer>();
      observation.end().events.stream()
          .filter(e -> e.get(Keys.CODE_FUNCTION_NAME).equals("vfs_read"))
          .forEach(e -> counts.merge(arguments(e).get("count"), 1, Integer::sum));

      assertThat(counts).containsEntry(71L, 5).containsEntry(72L, 3);
    }
  }

  @Test
  void leavesOutWhatAPointerToNothingLeadsTo() throws Exception {
    // Nobody has locked the file.
    var options =
        watching("vfs_read").eventsWithArguments("count", "file->f_inode->i_flctx->flc_flock.next");
    try (var observation = start(options)) {
      run("dd", "if=/proc/self/comm", "of=/dev/null", "status=none", "bs=77", "count=1");

      assertThat(observation.end().events)
          .isNotEmpty()
          .allSatisfy(e ->
              assertThat(arguments(e)).doesNotContainKey("file.f_inode.i_flctx.flc_flock.next"));
    }
  }

  @Test
  void saysWhatThereIsWhereAPathLeadsNowhere() {
    assertThatThrownBy(
            () -> start(watching("vfs_read").eventsWithArguments("file->f_path.dentri->d_name")))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("arguments: vfs_read: struct path has no member dentri")
        .hasMessageContaining("did you mean dentry?");
    assertThatThrownBy(() -> start(watching("vfs_read").eventsWithArguments("fille->f_flags")))
        .hasMessageContaining(
            "it has no argument fille; it takes file (struct file *), buf (char *)");
  }

  @Test
  void tellsOnlyOfCallsWithSuchAResult() throws Exception {
    var options = watching("vfs_read", "vfs_write").eventsWithResult("70..72");
    try (var observation = start(options)) {
      for (int bytes = 69; bytes <= 73; bytes++)
        run("dd", "if=/dev/zero", "of=/dev/null", "status=none", "bs=" + bytes, "count=1");

      assertThat(observation.end().events)
          .filteredOn(e -> e.get(Keys.CODE_FUNCTION_NAME).equals("vfs_read"))
          .extracting(e -> e.get(Keys.RINGSIDE_FUNCTION_RESULT))
          .containsExactly(70L, 71L, 72L);
    }
  }

  @Test
  void tellsOnlyOfCallsWithoutSuchAResult() throws Exception {
    var options = watching("ksys_fadvise64_64", "vfs_read").eventsWithResult("!=0");
    try (var observation = start(options)) {
      run("dd", "if=/dev/null", "of=/dev/null", "status=none", "count=1");
      run("dd", "if=/dev/zero", "of=/dev/null", "status=none", "bs=71", "count=1");

      assertThat(observation.end().events)
          .extracting(e -> e.get(Keys.RINGSIDE_FUNCTION_RESULT))
          .contains(71L)
          .doesNotContain(0L);
    }
  }

  private void run(String... command) throws Exception {
    Calls.command(cgroup.enter(List.of(command)), Map.of());
  }

  private static Observation start(FunctionLatencyOptionsBuilder options) {
    return FunctionLatencyReceiverIT.start(options.build());
  }

  private FunctionLatencyOptionsBuilder watching(String... functions) {
    return FunctionLatencyOptionsBuilder.watching(functions).in(cgroup).events();
  }

  private static Map<String, Object> arguments(RecordingTelemetry.Event event) {
    var arguments = new HashMap<String, Object>();
    event
        .attributes()
        .forEach((key, value) -> {
          if (key.getKey().startsWith(ARGUMENT))
            arguments.put(key.getKey().substring(ARGUMENT.length()), value);
        });
    return arguments;
  }
}
