package dev.ringside.bpf;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// Functions of programs and shared libraries that a receiver wants watched.
///
/// @param functions their place in this list is the number that programs know them by
/// @param mechanisms at least one; tried in the order they are declared in
/// @param byCookie programs that have the number as the cookie of the place they run at (5.15)
/// @param byCopy programs that copies are made of, one for each function
/// @param unknown those that were asked for and were not found, with the reason; reported and left
///   out
public record UserFunctionsNeed(
    List<UserFunction> functions,
    Set<Mechanism> mechanisms,
    UserFunctionPrograms byCookie,
    UserFunctionPrograms byCopy,
    Map<String, String> unknown) {

  /// How programs attach.
  public enum Mechanism {
    /// One link for all functions of a file (6.6).
    MULTI("uprobe.multi"),
    /// A perf event for each place, whose cookie is the function's number (5.15).
    EVENT("uprobe/uretprobe"),
    /// A copy of a program for each function, and a perf event for each place.
    COPY("uprobe/uretprobe, copied");

    private final String text;

    Mechanism(String text) {
      this.text = text;
    }

    /// What a person calls it.
    public String mechanism() {
      return text;
    }
  }

  static final String COOKIES = "cookies";
  static final String COPIES = "copies";

  public UserFunctionsNeed {
    functions = List.copyOf(functions);
    mechanisms = Set.copyOf(mechanisms);
    unknown = Map.copyOf(unknown);
    if (functions.isEmpty()) throw new IllegalArgumentException("no functions to watch");
  }

  /// The programs to load; the second ones only where the kernel refuses the first.
  Need need() {
    var cookies = byCookie.way(COOKIES);
    var copies = byCopy.way(COPIES).note("a program for each function");
    boolean onlyCopies = mechanisms.equals(Set.of(Mechanism.COPY));
    return Need.required(
        "numbers of functions", onlyCopies ? copies : cookies, onlyCopies ? cookies : copies);
  }
}
