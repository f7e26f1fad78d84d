package dev.ringside.integration.benchmark;

import com.sun.management.OperatingSystemMXBean;
import dev.ringside.bpf.KernelClock;
import dev.ringside.receivers.FileOpenType;
import dev.ringside.receivers.ProcessExecType;
import dev.ringside.receivers.Receiver;
import dev.ringside.receivers.telemetry.DirectTelemetry;
import dev.ringside.receivers.telemetry.EmbeddedTelemetry;
import dev.ringside.receivers.telemetry.OtlpLogExporter;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.receivers.telemetry.WallClock;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.export.HttpSenderProvider;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
  private static final int COMMANDS = 500;
  private static final String ALL_DIFFERENT = ", all different";
  private static final int ROUNDS = 5;

  private OtlpEncoding() {}

  /// One stage's cost.
  ///
  /// @param event `file_open`, `process_exec` of which some come again, or `process_exec, all
  ///   different`
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
    for (var event : List.of("file_open", "process_exec", "process_exec" + ALL_DIFFERENT)) {
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
    double round(String which) {
      boolean allDifferent = which.endsWith(ALL_DIFFERENT);
      var event =
          allDifferent ? which.substring(0, which.length() - ALL_DIFFERENT.length()) : which;
      var kernel = kernels.get(event);
      var events = DecodedEvents.events(event, KINDS, allDifferent ? KINDS : COMMANDS);
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
}
