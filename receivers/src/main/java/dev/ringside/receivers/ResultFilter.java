package dev.ringside.receivers;

import dev.ringside.bpf.KernelFunction;
import dev.ringside.bpf.Probe;
import java.util.List;
import java.util.regex.Pattern;

/// Which results of functions are of interest: those from `least` to `most`, or all others.
///
/// @param isOthers all but those; what returns no number is never of interest
record ResultFilter(long least, long most, boolean isOthers) {
  /// All, and also what returns nothing.
  static final ResultFilter NONE = new ResultFilter(Long.MIN_VALUE, Long.MAX_VALUE, false);

  // enum result_number
  private static final byte NO_NUMBER = 0;
  private static final byte SIGNED_32 = 1;
  private static final byte UNSIGNED_32 = 2;
  private static final byte NUMBER_64 = 3;
  private static final byte BOOL = 4;

  private static final Pattern COMPARISON = Pattern.compile("(<=|>=|!=|<|>|=|)\\s*(-?\\d{1,18})");
  private static final Pattern RANGE = Pattern.compile("(-?\\d{1,18})\\s*\\.\\.\\s*(-?\\d{1,18})");

  /// @param text `<0`, `!=0`, `-11`, `1..4095`; empty for all
  /// @throws IllegalArgumentException when it is none of these
  static ResultFilter of(String text) {
    if (text.isBlank()) return NONE;
    var range = RANGE.matcher(text.strip());
    if (range.matches())
      return within(Long.parseLong(range.group(1)), Long.parseLong(range.group(2)));
    var comparison = COMPARISON.matcher(text.strip());
    if (!comparison.matches()) {
      throw new IllegalArgumentException(
          "result: '"
              + text
              + "'; a number, a range such as 1..10, or a number behind <, <=, >, >= or !=");
    }
    long number = Long.parseLong(comparison.group(2));
    return switch (comparison.group(1)) {
      case "<" -> within(Long.MIN_VALUE, number - 1);
      case "<=" -> within(Long.MIN_VALUE, number);
      case ">" -> within(number + 1, Long.MAX_VALUE);
      case ">=" -> within(number, Long.MAX_VALUE);
      case "!=" -> new ResultFilter(number, number, true);
      default -> within(number, number);
    };
  }

  private static ResultFilter within(long least, long most) {
    if (least <= most) return new ResultFilter(least, most, false);
    throw new IllegalArgumentException("result: " + least + ".." + most + " holds no number");
  }

  void apply(Probe probe, List<KernelFunction> functions) {
    if (equals(NONE)) return;
    probe.set("filter_result", isOthers ? 2 : 1);
    probe.set("least_result", least);
    probe.set("most_result", most);
    var numbers = new byte[functions.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          switch (functions.get(i).returned()) {
            case SIGNED_32 -> SIGNED_32;
            case UNSIGNED_32 -> UNSIGNED_32;
            case SIGNED_64, UNSIGNED_64 -> NUMBER_64;
            case BOOL -> BOOL;
            case NOTHING, POINTER, UNKNOWN -> NO_NUMBER;
          };
    }
    probe.set("result_numbers", numbers);
  }
}
