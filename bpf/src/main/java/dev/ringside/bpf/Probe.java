package dev.ringside.bpf;

import java.util.function.Consumer;

/// One BPF object before it is loaded: what a receiver may set, attach and listen to.
///
/// Every call is checked against the object's own type information, so a name or a width that the C
/// source does not have fails at once with an [IllegalArgumentException] that says what the source
/// has instead. Nothing here talks to the kernel. All calls happen on the thread that binds.
public interface Probe {

  /// Sets a `const volatile` number. The verifier then treats it as a constant and drops the code
  /// that it rules out, so an unused filter costs nothing.
  void set(String global, long value);

  /// Sets a `const volatile` array of bytes, for example a command name; the rest stays zero.
  /// Longer values than the array are refused.
  void set(String global, byte[] value);

  /// Changes how many entries (for a ring: how many bytes, a power of two of at least a page) a map
  /// has.
  void resize(String map, long entries);

  /// Declares something wanted from the kernel, and the ways to get it, best first. The first way
  /// that the kernel accepts holds. Without this call a program attaches where its `SEC()` says,
  /// and must; if that names no place, it is not loaded.
  ///
  /// When no way is left, a required need fails the whole receiver with an
  /// [UnsupportedKernelException]; an optional one is reported in the [AttachPlan] and left out.
  void need(Need need);

  /// Leaves a program out that there is no use for this time, unless a [Need] attaches it. One
  /// whose `SEC()` names no place stays out without being asked.
  void leaveOut(String program);

  /// Declares functions to be watched, once for an object. Each is attached by the first way that
  /// the kernel accepts for it; the [AttachPlan] has a step for each. When none can be attached,
  /// the receiver fails with an [UnsupportedKernelException].
  void need(FunctionsNeed functions);

  /// The same for functions of programs and shared libraries.
  void need(UserFunctionsNeed functions);

  /// Calls `handler` for each event of a ring, in order, on the one thread that polls all rings.
  ///
  /// Components of `event` are matched by name with the fields of the C struct (`parentPid` is
  /// `parent_pid`). Numbers fit by width; `String` fits a NUL-terminated `char[]`; [Text] fits
  /// `struct text`; a nested record fits a nested struct. Times stay in the kernel's clock: a
  /// `long` of nanoseconds for `boottime_ns`.
  <E extends Record> void onEvent(String ring, Class<E> event, Consumer<? super E> handler);

  /// A live view of a map whose values are `u64`, summed over CPUs where the map is per CPU.
  <K extends Record> Table<K, Long> table(String map, Class<K> key);

  /// A live view of a map of kernel-built histograms (`histogram.bpf.h`, or in pieces
  /// `octave.bpf.h`), merged over CPUs.
  <K extends Record> Table<K, Histogram> histograms(String map, Class<K> key);

  /// A live view of a map of such histograms that there is room for so many of
  /// (`histogram_of_most.bpf.h`): first of those who came first, then of those who call most.
  /// Reading it is what makes the change.
  <K extends Record> Table<K, Histogram> histogramsOfMost(String map, Class<K> key, long most);

  /// Runs a program that is attached to the entries of a map ([Hook#entriesOf]) for each of them,
  /// before what it writes is read. It does nothing where the kernel has no such iterators, and
  /// while the object is not attached; it runs a last time when that is detached. Any thread, one
  /// at a time.
  Runnable sweep(String program);
}
