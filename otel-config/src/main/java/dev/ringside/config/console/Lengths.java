package dev.ringside.config.console;

import java.util.Locale;

/// Durations as a person reads them at a glance: three digits and a unit.
public final class Lengths {
  private static final String[] UNITS = {"ns", "µs", "ms", "s"};

  private Lengths() {}

  /// @param seconds not negative
  public static String of(double seconds) {
    if (seconds >= 60) return minutes((long) seconds);
    double value = seconds * 1e9;
    int unit = 0;
    while (value >= 999.5 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    var digits =
        value >= 99.5 || value == Math.rint(value) ? "%.0f" : value >= 9.95 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, digits, value) + " " + UNITS[unit];
  }

  private static String minutes(long seconds) {
    if (seconds < 3600) return seconds / 60 + " min " + seconds % 60 + " s";
    if (seconds < 86_400) return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    return seconds / 86_400 + " d " + seconds % 86_400 / 3600 + " h";
  }
}
