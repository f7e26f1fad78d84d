package dev.ringside.integration.benchmark;

import java.math.BigDecimal;
import java.math.MathContext;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/// Numbers as people read them.
final class Figures {
  private static final MathContext THREE_DIGITS = new MathContext(3);

  private Figures() {}

  /// Counts in full; everything else to three significant digits. Blanks between thousands.
  static String text(Number number) {
    if (number instanceof Integer || number instanceof Long) return grouped().format(number);
    double value = number.doubleValue();
    if (Double.isNaN(value) || Double.isInfinite(value)) return "–";
    if (Math.abs(value) >= 100) return grouped().format(Math.round(value));
    return new BigDecimal(value).round(THREE_DIGITS).stripTrailingZeros().toPlainString();
  }

  private static DecimalFormat grouped() {
    var symbols = new DecimalFormatSymbols(Locale.ROOT);
    symbols.setGroupingSeparator(' ');
    return new DecimalFormat("#,##0", symbols);
  }
}
