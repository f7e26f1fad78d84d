package dev.ringside.integration.benchmark;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A benchmark under way, on a thread of its own. Whatever ends it, a time limit or Ctrl-C, its
/// thread is interrupted and gets time to clean up; then the processes it left are killed.
final class Run implements AutoCloseable {
  private static final Duration CLEANS_UP_WITHIN = Duration.ofSeconds(40);

  private final FutureTask<Result> task;
  private final Thread thread;
  private final Thread atExit = new Thread(this::end);

  private Run(Benchmark benchmark, Path directory) {
    task = new FutureTask<>(() -> benchmark.run(directory));
    thread = new Thread(task, "benchmark " + benchmark.name());
  }

  static Run of(Benchmark benchmark, Path directory) {
    var run = new Run(benchmark, directory);
    Runtime.getRuntime().addShutdownHook(run.atExit);
    run.thread.start();
    return run;
  }

  /// What the benchmark returned or threw.
  Result await(Duration atMost) throws Exception {
    try {
      return task.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new TimeoutException("it took longer than " + atMost.toSeconds() + " s");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception cause -> throw cause;
        case Error cause -> throw cause;
        default -> throw e;
      }
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // It is what ends us just now.
    }
    end();
  }

  private void end() {
    try {
      thread.interrupt();
      thread.join(CLEANS_UP_WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
  }
}
