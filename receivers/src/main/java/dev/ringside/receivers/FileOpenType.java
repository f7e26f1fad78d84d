package dev.ringside.receivers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;

/// `file_open`: files that are opened.
public final class FileOpenType implements ReceiverType<FileOpenOptions> {
  private static final Duration LONGEST = Duration.ofDays(1);

  @Override
  public String name() {
    return "file_open";
  }

  @Override
  public String summary() {
    return "Files that are opened (open, openat, openat2, creat): how long it takes, and what fails";
  }

  @Override
  public FileOpenOptions defaults() {
    return FileOpenOptions.DEFAULTS;
  }

  @Override
  public FileOpenOptions forLooking() {
    return defaults().withEvents();
  }

  @Override
  public Receiver create(FileOpenOptions options) {
    String prefix = options.pathPrefix();
    if (!prefix.isEmpty() && !prefix.startsWith("/") || prefix.getBytes(UTF_8).length > 255) {
      throw new IllegalArgumentException(
          "path_prefix: '" + prefix + "'; begins with / and has at most 255 bytes");
    }
    if (options.minDuration().isNegative() || options.minDuration().compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "min_duration: " + options.minDuration() + "; from 0 to a day");
    }
    RingSize.check(options.ringBytes());
    var filter =
        ProcessFilter.of(options.pid(), options.uid(), options.cgroup(), options.command());
    return new FileOpenReceiver(options, filter);
  }
}
