package dev.ringside.receivers.telemetry;

import java.time.Duration;

/// How records are batched and sent; [DirectTelemetry.Builder] says what each means.
record ExportSettings(
    int batchSize,
    Duration delay,
    Duration exportTimeout,
    Duration firstRetry,
    Duration lastRetry,
    Duration closeTimeout,
    int valueLengthLimit) {

  static final ExportSettings DEFAULT =
      new ExportSettings(
          512,
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Integer.MAX_VALUE);

  ExportSettings {
    if (batchSize < 1)
      throw new IllegalArgumentException("batch size " + batchSize + " is below 1");
    if (valueLengthLimit < 0) {
      throw new IllegalArgumentException(
          "attribute value length limit " + valueLengthLimit + " is below 0");
    }
  }

  ExportSettings batchSize(int size) {
    return new ExportSettings(
        size, delay, exportTimeout, firstRetry, lastRetry, closeTimeout, valueLengthLimit);
  }

  ExportSettings delay(Duration delay) {
    return new ExportSettings(
        batchSize, delay, exportTimeout, firstRetry, lastRetry, closeTimeout, valueLengthLimit);
  }

  ExportSettings exportTimeout(Duration timeout) {
    return new ExportSettings(
        batchSize, delay, timeout, firstRetry, lastRetry, closeTimeout, valueLengthLimit);
  }

  ExportSettings retry(Duration first, Duration last) {
    return new ExportSettings(
        batchSize, delay, exportTimeout, first, last, closeTimeout, valueLengthLimit);
  }

  ExportSettings closeTimeout(Duration timeout) {
    return new ExportSettings(
        batchSize, delay, exportTimeout, firstRetry, lastRetry, timeout, valueLengthLimit);
  }

  ExportSettings valueLengthLimit(int characters) {
    return new ExportSettings(
        batchSize, delay, exportTimeout, firstRetry, lastRetry, closeTimeout, characters);
  }
}
