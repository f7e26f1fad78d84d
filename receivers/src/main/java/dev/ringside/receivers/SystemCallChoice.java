package dev.ringside.receivers;

import dev.ringside.receivers.linux.SystemCalls;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Which system calls are measured.
///
/// @param numbers those of this machine, with [SystemCalls#NUMBERS] for all that have no name there
/// @param names the same
record SystemCallChoice(BitSet numbers, List<String> names) {

  /// Calls whose whole purpose is to wait: how long they take says how long nothing happened. Those
  /// that wait and then do something (read, recvfrom, accept, flock) are not among them, since for
  /// some callers their duration is what somebody waits for.
  static final List<String> WAITING =
      List.of(
          "*nanosleep",
          "*poll",
          "*select*",
          "epoll_*wait*",
          "futex*",
          "io_*getevents",
          "pause",
          "restart_syscall",
          "rt_sigsuspend",
          "rt_sigtimedwait",
          "wait*");

  /// Calls that do not return to where they were made. (`uprobe` and `uretprobe` are made by the
  /// kernel's own code in a process, and return to elsewhere with other registers.)
  private static final List<String> NOT_RETURNING =
      List.of("exit", "exit_group", "rt_sigreturn", "uprobe", "uretprobe");

  private static final Pattern PATTERN = Pattern.compile("[\\w*?]+");

  /// @param calls names and patterns; empty for all
  /// @param exclude names and patterns; what `calls` spells out is chosen all the same
  /// @throws IllegalArgumentException when there is no such call, or none is left; the message
  ///   begins with the option
  static SystemCallChoice of(SystemCalls known, List<String> calls, List<String> exclude) {
    calls.forEach(call -> check("calls", call));
    exclude.forEach(call -> check("exclude", call));
    for (String call : calls) {
      if (NOT_RETURNING.contains(call)) {
        throw new IllegalArgumentException(
            "calls: " + call + " does not return to its caller, so it has no duration");
      }
    }
    var isCalled = anyOf(calls).or(name -> calls.isEmpty());
    var isExcluded = anyOf(exclude);
    var numbers = new BitSet();
    var names = new ArrayList<String>();
    for (int number = 0; number <= SystemCalls.NUMBERS; number++) {
      String name = known.name(number);
      if (NOT_RETURNING.contains(name) || !isCalled.test(name)) continue;
      if (isExcluded.test(name) && !calls.contains(name)) continue;
      numbers.set(number);
      names.add(name);
    }
    if (names.isEmpty()) {
      throw new IllegalArgumentException(
          "calls: none is left, without what exclude lists and what only other architectures have");
    }
    return new SystemCallChoice(numbers, List.copyOf(names));
  }

  /// For the kernel side: a byte for each number, 1 for those that are measured.
  byte[] flags() {
    var flags = new byte[SystemCalls.NUMBERS + 1];
    numbers.stream().forEach(number -> flags[number] = 1);
    return flags;
  }

  private static void check(String option, String call) {
    var all = SystemCalls.allNames();
    if (all.contains(call)) return;
    if (PATTERN.matcher(call).matches() && isPattern(call)) {
      if (all.stream().anyMatch(matching(call))) return;
      throw new IllegalArgumentException(option + ": '" + call + "' matches no system call");
    }
    throw new IllegalArgumentException(
        option + ": '" + call + "': no such system call" + Nearest.hint(call, all));
  }

  private static Predicate<String> anyOf(Collection<String> patterns) {
    return patterns.stream().map(SystemCallChoice::matching).reduce(name -> false, Predicate::or);
  }

  private static boolean isPattern(String call) {
    return call.indexOf('*') >= 0 || call.indexOf('?') >= 0;
  }

  private static Predicate<String> matching(String call) {
    if (!isPattern(call)) return call::equals;
    return Pattern.compile(call.replace("?", ".").replace("*", ".*")).asMatchPredicate();
  }
}
