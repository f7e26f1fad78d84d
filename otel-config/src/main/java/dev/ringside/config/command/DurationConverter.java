package dev.ringside.config.command;

import dev.ringside.config.options.Quantities;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A duration on the command line needs its unit: 30 could be anything.
final class DurationConverter implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    return Quantities.duration(text)
        .filter(d -> d.isPositive() && !text.matches("\\d+"))
        .orElseThrow(() ->
            new TypeConversionException(
                "\"" + text + "\" is not allowed; allowed: a time such as 500ms, 30s or 5m"));
  }
}
