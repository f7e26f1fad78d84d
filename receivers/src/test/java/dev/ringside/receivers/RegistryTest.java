package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.bpf.Histogram;
import dev.ringside.bpf.Selection;
import dev.ringside.bpf.Text;
import dev.ringside.receivers.FlowCounts.ResetSeries;
import dev.ringside.receivers.FlowCounts.RetransmitSeries;
import dev.ringside.receivers.FlowDurations.FlowSeries;
import dev.ringside.receivers.FlowGroups.FlowGroup;
import dev.ringside.receivers.FlowTotals.FlowIo;
import dev.ringside.receivers.linux.IpAddress;
import dev.ringside.semconv.EventType;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import dev.ringside.semconv.Registry;
import dev.ringside.semconv.Spans;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What the receivers emit at the most is what the registry says of them: no attribute more, none
/// less.
class RegistryTest {
  private static final Text CONTAINER = Text.of("/docker/" + "0123456789abcdef".repeat(4));
  private static final Text CUT = new Text("/cut".getBytes(StandardCharsets.UTF_8), true);
  private static final Text FRAME = Text.of("address.");
  private static final Text FILE_OF_FRAME = Text.of("\u0001\0\0\0" + "\0".repeat(28));
  private static final ObservedProcess PROCESS = new ObservedProcess(1, 2, 3, 1, 2, 0, "comm");

  private final FakeProbe kernel = new FakeProbe();
  private final FakeProbe programs = new FakeProbe(); // for a map of the same name
  private final RecordingTelemetry telemetry = new RecordingTelemetry();

  @Test
  void execsExitsAndTheirSpans() {
    bindProcessExec();

    for (Text text : List.of(Text.of("/bin/x"), CUT)) {
      for (int error : new int[] {0, 2}) kernel.emit("process_execs", exec(text, error));
      kernel.emit("process_exits", new ProcessExit(9, PROCESS, 9, Text.of("x"), CONTAINER));
    }

    assertThat(emitted(Events.PROCESS_EXEC)).isEqualTo(registered(Events.PROCESS_EXEC));
    assertThat(emitted(Events.PROCESS_EXIT)).isEqualTo(registered(Events.PROCESS_EXIT));
    assertThat(spanAttributes()).isEqualTo(Registry.attributes(Spans.CLI_INTERNAL).keySet());
  }

  @Test
  void opens() {
    bindFileOpen();

    for (int error : new int[] {0, 2}) {
      kernel.emit(
          "file_opens",
          new FileOpen(9, 1, PROCESS, error, 3, 0100, 0600, CUT, Text.of("x"), CONTAINER));
    }

    assertThat(emitted(Events.FILE_OPEN)).isEqualTo(registered(Events.FILE_OPEN));
  }

  @Test
  void slowCalls() {
    bindFunctionLatency();

    var cgroup = new CgroupNames("0123456789abcdef".repeat(4), "docker", "", "");
    kernel.emit(
        "slow_calls",
        new SlowCall(
            9, 1, PROCESS, -2, 0, 2, "x", cgroup, Text.EMPTY, Text.EMPTY, FRAME, FILE_OF_FRAME));

    assertThat(emitted(Events.KERNEL_FUNCTION_SLOW))
        .isEqualTo(registered(Events.KERNEL_FUNCTION_SLOW));
  }

  @Test
  void slowSystemCalls() {
    bindSyscallLatency();

    for (int error : new int[] {0, 2}) {
      kernel.emit(
          "slow_syscalls", new SlowSyscall(9, 1, PROCESS, 0, error, Text.of("x"), CONTAINER));
    }

    assertThat(emitted(Events.SYSCALL_SLOW)).isEqualTo(registered(Events.SYSCALL_SLOW));
  }

  @Test
  void slowFunctions() {
    bindUserFunctionLatency();

    programs.emit(
        "slow_functions", new UserFunctionSlow(9, 1, 0, PROCESS, Text.of("x"), CONTAINER));

    assertThat(emitted(Events.USER_FUNCTION_SLOW)).isEqualTo(registered(Events.USER_FUNCTION_SLOW));
  }

  @Test
  void connections() {
    bindTcpConnection();

    var cgroup = new CgroupNames("0123456789abcdef".repeat(4), "docker", "", "");
    kernel.emit("owner_names", TcpConnectionEventsTest.names("web", cgroup));
    for (int error : new int[] {0, 111}) {
      for (int role : new int[] {Flow.CLIENT, Flow.SERVER}) {
        for (int kind = FlowEvent.CLOSED; kind <= FlowEvent.SLOW_HANDSHAKE; kind++) {
          kernel.emit("flow_events", TcpConnectionEventsTest.event(kind, role, 2, error));
        }
      }
    }
    for (int role : new int[] {0, Flow.CLIENT}) {
      var reset = TcpConnectionEventsTest.event(FlowEvent.RESET, role, 2, 0);
      kernel.emit("flow_events", reset);
      kernel.emit("flow_states", new FlowState(9, reset.flow(), 7, 1, 8));
    }

    for (var type :
        List.of(
            Events.NETWORK_TCP_CONNECTION_CLOSED,
            Events.NETWORK_TCP_CONNECT_FAILED,
            Events.NETWORK_TCP_HANDSHAKE_SLOW,
            Events.NETWORK_TCP_RESET,
            Events.NETWORK_TCP_RETRANSMIT,
            Events.NETWORK_TCP_STATE_CHANGED)) {
      assertThat(emitted(type)).as(type.name()).isEqualTo(registered(type));
    }
    assertThat(spanAttributes())
        .isEqualTo(Registry.attributes(Spans.NETWORK_TCP_CONNECTION).keySet());
  }

  @Test
  void metricsOfConnections() {
    bindTcpConnection();
    var any = new Histogram(1, 1, 1, 1, 0, new long[Histogram.BUCKETS]);
    var slot = new TcpConnectionReceiver.Slot(1);
    var group = new FlowGroup(new IpAddress(0, 1), 443, 7);
    for (int measure = 0; measure < 3; measure++) {
      int error = measure == 2 ? 0 : 111;
      var series = new FlowSeries(group, error, 1, false, measure);
      kernel.row("durations_by_series", series, any);
    }
    kernel.row("executable_numbers", new FlowGroups.Executable("web"), 7L);
    kernel.row(
        "retransmits_by_series",
        new RetransmitSeries(group, new FlowCounts.RetransmitKey(0, 1, false)),
        1L);
    kernel.row(
        "resets_by_series", new ResetSeries(group, new FlowCounts.ResetKey(0, false, 1)), 1L);
    kernel.row("io_by_series", new FlowIo(group, 0), 1L);
    kernel.row("spurious_retransmits", slot, 1L);
    kernel.row("state_counts", slot, 1L);

    for (var metric :
        List.of(
            Metrics.NETWORK_TCP_HANDSHAKE_DURATION,
            Metrics.NETWORK_TCP_CONNECTION_DURATION,
            Metrics.NETWORK_TCP_RTT_DURATION)) {
      var points = telemetry.histogram(metric).stream().map(Map.Entry::getKey).toList();
      assertThat(keys(Set.copyOf(points))).isEqualTo(Registry.attributes(metric).keySet());
    }
    for (var metric :
        List.of(
            Metrics.NETWORK_TCP_RETRANSMITS,
            Metrics.NETWORK_TCP_SPURIOUS_RETRANSMITS,
            Metrics.NETWORK_TCP_RESETS,
            Metrics.NETWORK_TCP_IO)) {
      assertThat(keys(telemetry.counter(metric).keySet()))
          .isEqualTo(Registry.attributes(metric).keySet());
    }
    // An interface is in OpenTelemetry's metric, and a connection belongs to none.
    assertThat(keys(telemetry.counter(Metrics.SYSTEM_NETWORK_CONNECTION_COUNT).keySet()))
        .containsExactlyInAnyOrder(Keys.NETWORK_CONNECTION_STATE, Keys.NETWORK_TRANSPORT);
  }

  @Test
  void metrics() {
    bindProcessExec();
    bindFileOpen();
    bindFunctionLatency();
    bindSyscallLatency();
    var any = new Histogram(1, 1, 1, 1, 0, new long[Histogram.BUCKETS]);
    kernel.row("exec_counts", new ProcessExecReceiver.ExecOutcome(2), 1L);
    kernel.row("fork_count", new ProcessExecReceiver.Slot(0), 1L);
    kernel.row("lifetimes", new ProcessExecReceiver.LifetimeKey(9), any);
    kernel.row("open_durations", new FileOpenReceiver.OpenOutcome(0, 2), any);
    kernel.row("syscall_durations", new SyscallLatencyReceiver.SyscallOutcome(0, 2), any);

    assertThat(keys(telemetry.counter(Metrics.PROCESS_EXECS).keySet()))
        .isEqualTo(Registry.attributes(Metrics.PROCESS_EXECS).keySet());
    assertThat(keys(telemetry.counter(Metrics.SYSTEM_PROCESS_CREATED).keySet()))
        .isEqualTo(Registry.attributes(Metrics.SYSTEM_PROCESS_CREATED).keySet());
    var histograms =
        List.of(
            Metrics.PROCESS_LIFETIME_DURATION,
            Metrics.FILE_OPEN_DURATION,
            Metrics.SYSCALL_DURATION);
    for (var histogram : histograms) {
      var points = telemetry.histogram(histogram).stream().map(Map.Entry::getKey).toList();
      assertThat(keys(Set.copyOf(points))).isEqualTo(Registry.attributes(histogram).keySet());
    }
  }

  @Test
  void functionsByWhom() {
    var id = "0123456789abcdef".repeat(4);
    var any = new Histogram(1, 1, 1, 1, 0, new long[Histogram.BUCKETS]);
    kernel.row("durations_by_whom", new CallsByWhom.CallBy(0, 2, id), any);
    programs.row("durations_by_whom", new CallsByWhom.CallBy(0, 0, id), any);
    var emitted = new HashSet<AttributeKey<?>>();
    var emittedOfUsers = new HashSet<AttributeKey<?>>();

    for (var by : List.of(ByWhom.EXECUTABLE, ByWhom.CONTAINER)) {
      bindFunctionLatency(FunctionLatencyOptionsBuilder.watching("vfs_*").by(by, 10).build());
      var points = telemetry.histogram(Metrics.KERNEL_FUNCTION_DURATION);
      points.forEach(p -> emitted.addAll(p.getKey().asMap().keySet()));
      bindUserFunctionLatency(
          UserFunctionLatencyOptionsBuilder.watching("libc:usleep").by(by, 10).build());
      var ofUsers = telemetry.histogram(Metrics.USER_FUNCTION_DURATION);
      ofUsers.forEach(p -> emittedOfUsers.addAll(p.getKey().asMap().keySet()));
    }

    assertThat(emitted).isEqualTo(Registry.attributes(Metrics.KERNEL_FUNCTION_DURATION).keySet());
    assertThat(emittedOfUsers)
        .isEqualTo(Registry.attributes(Metrics.USER_FUNCTION_DURATION).keySet());
  }

  private void bindProcessExec() {
    var all = List.of("process.working_directory", "process.vpid", "process.linux.cgroup");
    var options = new ProcessExecOptions(0, -1, "", "", true, true, true, all, 4096);
    new ProcessExecType().create(options).bind(kernel, telemetry);
  }

  private void bindFileOpen() {
    var type = new FileOpenType();
    type.create(type.forLooking()).bind(kernel, telemetry);
  }

  private void bindFunctionLatency() {
    bindFunctionLatency(
        FunctionLatencyOptionsBuilder.watching("vfs_*").eventsWithUserStack().build());
  }

  private void bindFunctionLatency(FunctionLatencyOptions options) {
    var all = new Selection(FunctionLatencyReceiverTest.FUNCTIONS, List.of(), Map.of());
    new FunctionLatencyReceiver(
            options, ProcessFilter.of(0, -1, "", ""), (names, force) -> all, paths -> Map.of())
        .bind(kernel, telemetry);
  }

  private void bindSyscallLatency() {
    var type = new SyscallLatencyType();
    type.create(type.forLooking()).bind(kernel, telemetry);
  }

  private void bindTcpConnection() {
    var options = TcpConnectionOptionsBuilder.everything().withStates().withAllAttributes().build();
    new TcpConnectionType().create(options).bind(kernel, telemetry);
  }

  private void bindUserFunctionLatency() {
    bindUserFunctionLatency(
        new UserFunctionLatencyType().forLooking().watching(List.of("libc:usleep")));
  }

  private void bindUserFunctionLatency(UserFunctionLatencyOptions options) {
    new UserFunctionLatencyType().create(options).bind(programs, telemetry);
  }

  private static ProcessExec exec(Text text, int error) {
    return new ProcessExec(
        5, PROCESS, error, 1, text, Text.of("/tmp"), CONTAINER, text, Text.EMPTY);
  }

  private Set<AttributeKey<?>> emitted(EventType type) {
    var keys = new HashSet<AttributeKey<?>>();
    telemetry.events(type).forEach(e -> keys.addAll(e.attributes().keySet()));
    return keys;
  }

  private static Set<AttributeKey<?>> registered(EventType type) {
    return Registry.attributes(type).keySet();
  }

  private Set<AttributeKey<?>> spanAttributes() {
    var keys = new HashSet<AttributeKey<?>>();
    for (var span : telemetry.spans) {
      keys.addAll(span.attributes().keySet());
      if (span.error() != null) keys.add(Keys.ERROR_TYPE);
    }
    return keys;
  }

  private static Set<AttributeKey<?>> keys(Set<Attributes> points) {
    var keys = new HashSet<AttributeKey<?>>();
    points.forEach(p -> keys.addAll(p.asMap().keySet()));
    return keys;
  }
}
