package dev.ringside.config.connection;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Threads that wait for servers.
final class Threads {
  private static final int IDLE_SECONDS = 30;

  private Threads() {}

  /// As many as are needed at a time; none keeps the JVM alive.
  static ExecutorService daemons(String name) {
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        Thread.ofPlatform().daemon().name(name + "-", 1).factory());
  }
}
