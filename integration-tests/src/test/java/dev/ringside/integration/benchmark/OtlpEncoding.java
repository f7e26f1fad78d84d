package dev.ringside.integration.benchmark;

import com.sun.management.OperatingSystemMXBean;
import dev.ringside.bpf.FunctionsNeed;
import dev.ringside.bpf.Histogram;
import dev.ringside.bpf.KernelClock;
import dev.ringside.bpf.Need;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.Table;
import dev.ringside.bpf.Text;
import dev.ringside.bpf.UserFunctionsNeed;
import dev.ringside.receivers.FileOpen;
import dev.ringside.receivers.FileOpenType;
import dev.ringside.receivers.ObservedProcess;
import dev.ringside.receivers.ProcessExec;
import dev.ringside.receivers.ProcessExecType;
import dev.ringside.receivers.Receiver;
import dev.ringside.receivers.telemetry.Answer;
import dev.ringside.receivers.telemetry.DirectTelemetry;
import dev.ringside.receivers.telemetry.EmbeddedTelemetry;
import dev.ringside.receivers.telemetry.OtlpConnection;
import dev.ringside.receivers.telemetry.OtlpLogExporter;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.receivers.telemetry.WallClock;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderProvider;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.opentelemetry.sdk.common.export.MessageWriter;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/// OTLP log records per second of CPU, from a decoded event to the bytes of a request: real events
/// of both receivers through the receivers' own code.
///
/// The peer is OpenTelemetry's SDK in the same run with the same events: the same receivers over
/// its batch processor (with a queue in which nothing is dropped), its OTLP exporter in the memory
/// mode that reuses objects, and a sender that drops the bytes. CPU is that of the whole process,
/// so the work of the collector of garbage counts where it is made.
public final class OtlpEncoding {
  static final String OURS = "attributes and OTLP";
  static final String PEER = "the SDK's batch processor";

  private static final int EVENTS = 1_000_000;
  private static final int KINDS = 4096;
  private static final int ROUNDS = 5;

  private OtlpEncoding() {}

  /// One stage's cost.
  ///
  /// @param event `file_open` or `process_exec`
  /// @param stage what was done with the decoded event
  /// @param cpuNs per record, the rounds in ascending order
  /// @param bytes per record on the wire; 0 where there are none
  public record Figure(String event, String stage, List<Double> cpuNs, double bytes) {
    public double median() {
      return cpuNs.get(cpuNs.size() / 2);
    }

    public double millionPerSecond() {
      return 1000 / median();
    }
  }

  /// Prints the figures, a line each: event, stage, bytes, and the nanoseconds of each round,
  /// separated by tabs.
  public static void main(String... args) {
    for (var f : measure()) {
      var rounds = f.cpuNs.stream().map(String::valueOf).collect(Collectors.joining("\t"));
      System.out.println(String.join("\t", f.event, f.stage, f.bytes + "", rounds));
    }
  }

  static Figure parse(String line) {
    var fields = List.of(line.split("\t"));
    var rounds = fields.subList(3, fields.size()).stream().map(Double::valueOf).toList();
    return new Figure(fields.get(0), fields.get(1), rounds, Double.parseDouble(fields.get(2)));
  }

  /// Takes some minutes.
  public static List<Figure> measure() {
    var figures = new ArrayList<Figure>();
    for (var event : List.of("file_open", "process_exec")) {
      var ways = new ArrayList<Way>();
      ways.add(Way.attributesOnly());
      ways.add(Way.ours());
      ways.add(Way.peer());
      var times = new HashMap<String, double[]>();
      for (int round = -3; round < ROUNDS; round++) {
        for (var way : ways) {
          double ns = way.round(event);
          if (round >= 0) times.computeIfAbsent(way.name, n -> new double[ROUNDS])[round] = ns;
        }
      }
      for (var way : ways) {
        var sorted = times.get(way.name);
        Arrays.sort(sorted);
        double bytes = way.bytes.get() / (double) Math.max(1, way.records);
        figures.add(new Figure(event, way.name, Arrays.stream(sorted).boxed().toList(), bytes));
        way.close.run();
      }
    }
    return figures;
  }

  /// One way of a decoded event, up to where it ends.
  private static final class Way {
    final String name;
    final Map<String, FakeKernel> kernels = new HashMap<>();
    final AtomicLong bytes;
    final Runnable afterEach;
    final Runnable close;
    long records;

    Way(
        String name,
        Function<String, Telemetry> telemetry,
        AtomicLong bytes,
        Runnable afterEach,
        Runnable close) {
      this.name = name;
      this.bytes = bytes;
      this.afterEach = afterEach;
      this.close = close;
      var files = new FileOpenType();
      var programs = new ProcessExecType();
      bind("file_open", files.create(files.forLooking()), telemetry);
      bind("process_exec", programs.create(programs.forLooking()), telemetry);
    }

    private void bind(String name, Receiver receiver, Function<String, Telemetry> telemetry) {
      var kernel = new FakeKernel();
      receiver.bind(kernel, telemetry.apply(name));
      kernels.put(name, kernel);
    }

    /// @return CPU nanoseconds per record
    double round(String event) {
      var kernel = kernels.get(event);
      var events = events(event);
      var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      long before = machine.getProcessCpuTime();
      for (int i = 0; i < EVENTS; i++) kernel.emit(event + "s", events[i % KINDS]);
      afterEach.run();
      records += EVENTS;
      return (machine.getProcessCpuTime() - before) / (double) EVENTS;
    }

    static Way attributesOnly() {
      var direct = direct(new Nowhere());
      return new Way(
          "attributes only",
          n -> direct.receiver(n, "1"),
          new AtomicLong(),
          () -> {},
          direct::close);
    }

    static Way ours() {
      var bytes = new AtomicLong();
      var direct = direct(new OtlpLogExporter(new ByteSink(bytes)));
      return new Way(OURS, n -> direct.receiver(n, "1"), bytes, () -> {}, direct::close);
    }

    private static DirectTelemetry direct(LogRecordExporter exporter) {
      return DirectTelemetry.builder()
          .logs(List.of(exporter))
          .clock(KernelClock.start())
          .batchSize(512)
          .build();
    }

    static Way peer() {
      var bytes = new AtomicLong();
      var exporter =
          OtlpHttpLogRecordExporter.builder()
              .setComponentLoader(senders(bytes))
              .setMemoryMode(MemoryMode.REUSABLE_DATA)
              .build();
      var processor =
          BatchLogRecordProcessor.builder(exporter)
              .setMaxQueueSize(EVENTS + 2048)
              .setMaxExportBatchSize(512)
              .build();
      var logs = SdkLoggerProvider.builder().addLogRecordProcessor(processor).build();
      var sdk = OpenTelemetrySdk.builder().setLoggerProvider(logs).build();
      var embedded = new EmbeddedTelemetry(WallClock.of(KernelClock.start()));
      return new Way(
          PEER,
          n -> embedded.receiver(sdk, n, "1"),
          bytes,
          () -> logs.forceFlush().join(60, TimeUnit.SECONDS),
          sdk::close);
    }

    private static ComponentLoader senders(AtomicLong bytes) {
      HttpSenderProvider provider = config -> new SdkSink(bytes);
      return new ComponentLoader() {
        @Override
        public <T> Iterable<T> load(Class<T> service) {
          return service == HttpSenderProvider.class ? List.of(service.cast(provider)) : List.of();
        }
      };
    }
  }

  private static Record[] events(String event) {
    var events = new Record[KINDS];
    for (int i = 0; i < KINDS; i++) {
      events[i] = event.equals("file_open") ? open(i) : exec(i);
    }
    return events;
  }

  private static FileOpen open(int i) {
    var path = Text.of("/usr/share/zoneinfo/Europe/city-" + i % 1000);
    var cgroup = Text.of("/system.slice/postgresql.service");
    boolean failed = i % 10 == 0;
    return new FileOpen(
        1_000_000_000_000L + i * 1000L,
        1500 + i,
        process(i, "postgres"),
        failed ? 2 : 0,
        failed ? -1 : 3 + i % 64,
        02000000,
        0,
        path,
        Text.of("postgres"),
        cgroup);
  }

  private static ProcessExec exec(int i) {
    return new ProcessExec(
        1_000_000_000_000L + i * 1000L,
        process(i, "grep"),
        0,
        4,
        Text.of("/usr/bin/grep"),
        Text.of("/srv/work"),
        Text.of("/user.slice/user-1000.slice/session-3.scope"),
        Text.of("grep\0--color=auto\0-rn\0pattern-" + i % 500 + '\0'),
        Text.EMPTY);
  }

  private static ObservedProcess process(int i, String command) {
    int pid = 1000 + i % 200;
    return new ObservedProcess(
        900_000_000_000L + pid * 10_000_000L, pid, pid, 1, pid, 1000, command);
  }

  /// Ends where the bytes would leave.
  private record ByteSink(AtomicLong bytes) implements OtlpConnection {
    private static final Answer TAKEN = Answer.http(200, "", null, new byte[0]);

    @Override
    public CompletableFuture<Answer> send(byte[] array, int offset, int length) {
      bytes.addAndGet(length);
      return CompletableFuture.completedFuture(TAKEN);
    }

    @Override
    public String endpoint() {
      return "nowhere";
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  /// The same for the SDK's exporter, which writes into a stream.
  private static final class SdkSink implements HttpSender {
    private final AtomicLong bytes;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);

    SdkSink(AtomicLong bytes) {
      this.bytes = bytes;
    }

    @Override
    public void send(
        MessageWriter writer, Consumer<HttpResponse> onResponse, Consumer<Throwable> onError) {
      out.reset();
      try {
        writer.writeMessage(out);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      bytes.addAndGet(out.size());
      onResponse.accept(
          new HttpResponse() {
            @Override
            public int getStatusCode() {
              return 200;
            }

            @Override
            public String getStatusMessage() {
              return "OK";
            }

            @Override
            public byte[] getResponseBody() {
              return new byte[0];
            }
          });
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  private static final class Nowhere implements LogRecordExporter {
    @Override
    public CompletableResultCode export(Collection<LogRecordData> logs) {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  /// Gives events to a receiver's handlers as if they came out of a ring.
  private static final class FakeKernel implements Probe {
    private final Map<String, Consumer<Record>> handlers = new HashMap<>();

    void emit(String ring, Record event) {
      handlers.get(ring).accept(event);
    }

    @Override
    public void set(String global, long value) {}

    @Override
    public void set(String global, byte[] value) {}

    @Override
    public void resize(String map, long entries) {}

    @Override
    public void need(Need need) {}

    @Override
    public void need(FunctionsNeed functions) {}

    @Override
    public void need(UserFunctionsNeed functions) {}

    @Override
    public <E extends Record> void onEvent(
        String ring, Class<E> event, Consumer<? super E> handler) {
      handlers.put(ring, e -> handler.accept(event.cast(e)));
    }

    @Override
    public <K extends Record> Table<K, Long> table(String map, Class<K> key) {
      return row -> {};
    }

    @Override
    public <K extends Record> Table<K, Histogram> histograms(String map, Class<K> key) {
      return row -> {};
    }

    @Override
    public Runnable sweep(String program) {
      return () -> {};
    }
  }
}
