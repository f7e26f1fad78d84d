package dev.ringside.receivers.telemetry;

import dev.ringside.semconv.Keys;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

/// An exporter that answers as the test says, then with success. It notes the pids of each attempt.
final class ScriptedExporter implements LogRecordExporter {
  final List<List<Long>> attempts = new CopyOnWriteArrayList<>();

  /// What it answers to these pids whenever it sees them; null for what the script says.
  volatile Function<List<Long>, CompletableResultCode> refusing = pids -> null;

  final Queue<Supplier<CompletableResultCode>> script = new ConcurrentLinkedQueue<>();

  static ScriptedExporter answering(CompletableResultCode... answers) {
    var exporter = new ScriptedExporter();
    for (var answer : answers) exporter.script.add(() -> answer);
    return exporter;
  }

  @Override
  public CompletableResultCode export(Collection<LogRecordData> logs) {
    attempts.add(logs.stream().map(r -> r.getAttributes().get(Keys.PROCESS_PID)).toList());
    var refused = refusing.apply(attempts.getLast());
    if (refused != null) return refused;
    var answer = script.poll();
    return answer == null ? CompletableResultCode.ofSuccess() : answer.get();
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
