package dev.ringside.config.options;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Durations and sizes as people write them.
public final class Quantities {
  private static final Pattern NUMBER_AND_UNIT =
      Pattern.compile("(\\d+(?:\\.\\d+)?) ?([A-Za-zµ]*)");

  private static final Map<String, Long> NANOS =
      Map.of(
          "", 1_000_000L, // OpenTelemetry writes durations as whole milliseconds
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "min", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private static final Map<String, Long> BYTES =
      Map.ofEntries(
          Map.entry("", 1L),
          Map.entry("B", 1L),
          Map.entry("kB", 1_000L),
          Map.entry("KB", 1_000L),
          Map.entry("MB", 1_000_000L),
          Map.entry("GB", 1_000_000_000L),
          Map.entry("KiB", 1L << 10),
          Map.entry("MiB", 1L << 20),
          Map.entry("GiB", 1L << 30));

  private Quantities() {}

  /// `500us`, `10ms`, `1.5s`, `2m`; a bare whole number is milliseconds. Empty when it is not one.
  public static Optional<Duration> duration(String text) {
    if (text.matches("\\d+\\.\\d+")) return Optional.empty();
    return scaled(text, NANOS).stream().mapToObj(Duration::ofNanos).findFirst();
  }

  /// `64KiB`, `1MB`, `4096`. Empty when it is not one.
  public static OptionalLong bytes(String text) {
    return scaled(text, BYTES);
  }

  private static OptionalLong scaled(String text, Map<String, Long> units) {
    var matcher = NUMBER_AND_UNIT.matcher(text.strip());
    if (!matcher.matches()) return OptionalLong.empty();
    var unit = units.get(matcher.group(2));
    if (unit == null) return OptionalLong.empty();
    try {
      var value = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
      return OptionalLong.of(value.longValueExact());
    } catch (ArithmeticException e) {
      return OptionalLong.empty(); // part of a nanosecond or byte, or more than fits
    }
  }

  /// The shortest way to write a duration exactly.
  public static String showDuration(Duration duration) {
    return show(duration.toNanos(), NANOS, "s");
  }

  /// The shortest way to write a size exactly, in binary units.
  public static String showBytes(long bytes) {
    var binary = new TreeMap<>(BYTES);
    binary.keySet().removeIf(unit -> unit.matches("[kKMG]?B"));
    return show(bytes, binary, "");
  }

  private static String show(long value, Map<String, Long> units, String unitOfZero) {
    if (value == 0) return "0" + unitOfZero;
    var best = Map.entry("", 1L);
    for (var unit : units.entrySet()) {
      boolean isUsual = !unit.getKey().equals("min") && !unit.getKey().equals("µs");
      boolean isShown = isUsual && (!unit.getKey().isEmpty() || unit.getValue() == 1);
      if (isShown && value % unit.getValue() == 0 && unit.getValue() >= best.getValue())
        best = unit;
    }
    return value / best.getValue() + best.getKey();
  }
}
