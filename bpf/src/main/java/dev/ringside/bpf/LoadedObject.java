package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.ringside.bpf.libbpf.Libbpf;
import dev.ringside.bpf.libbpf.bpf_object_open_opts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One native object, from `bpf_object__open` to `bpf_object__close`: what is set, loaded and
/// attached in one attempt. Failing anywhere leaves nothing behind once it is closed.
final class LoadedObject implements AutoCloseable {

  /// The kernel or libbpf did not accept something.
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;
    final String what;
    final int errno;

    Refused(String what, int errno, String said) {
      super(said, null, false, false);
      this.what = what;
      this.errno = errno;
    }
  }

  private record Link(String program, MemorySegment link) {}

  private final String name;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment object;
  private final Map<String, MemorySegment> programs = new LinkedHashMap<>();
  private final Map<String, MemorySegment> maps = new LinkedHashMap<>();
  private final Deque<Link> links = new ArrayDeque<>();

  /// Descriptors of links to the entries of maps, by program.
  private final Map<String, Integer> sweeps = new LinkedHashMap<>();

  private WatchedFunctions functions;
  private WatchedUserFunctions userFunctions;
  private boolean open = true;

  LoadedObject(String name, byte[] image) {
    this.name = name;
    var copy = arena.allocate(image.length, 8);
    MemorySegment.copy(image, 0, copy, JAVA_BYTE, 0, image.length);
    var options = bpf_object_open_opts.allocate(arena);
    bpf_object_open_opts.sz(options, bpf_object_open_opts.sizeof());
    // As a number: for an address the JVM would put together classes of its own.
    long nameAt = bpf_object_open_opts.object_name$offset();
    options.set(JAVA_LONG, nameAt, arena.allocateFrom(name).address());
    if (!Capabilities.ofThisProcess().mayReadTypesOfModules()) {
      // For a type that this kernel does not have libbpf would look through its modules, and fail.
      // Where it is told a file of types it does not.
      long pathAt = bpf_object_open_opts.btf_custom_path$offset();
      options.set(
          JAVA_LONG, pathAt, arena.allocateFrom(ObjectLoader.KERNEL_BTF.toString()).address());
    }
    var opened = new MemorySegment[1];
    var failure = new BpfException[1];
    var log =
        LibbpfLog.during(() -> {
          try {
            opened[0] =
                Native.pointer(
                    "open BPF object " + name,
                    Libbpf.bpf_object__open_mem(copy, image.length, options));
          } catch (BpfException e) {
            failure[0] = e;
          }
        });
    if (failure[0] != null) {
      arena.close();
      throw new BpfException(failure[0].getMessage() + ": " + log.verdict(), failure[0].errno());
    }
    object = opened[0];
    for (var p = next(true, MemorySegment.NULL); p.address() != 0; p = next(true, p)) {
      programs.put(Libbpf.bpf_program__name(p).reinterpret(256).getString(0), p);
    }
    for (var m = next(false, MemorySegment.NULL); m.address() != 0; m = next(false, m)) {
      maps.put(Libbpf.bpf_map__name(m).reinterpret(256).getString(0), m);
    }
  }

  private MemorySegment next(boolean program, MemorySegment previous) {
    return program
        ? Libbpf.bpf_object__next_program(object, previous)
        : Libbpf.bpf_object__next_map(object, previous);
  }

  /// The object's type information, copied.
  Btf btf(Arena into) {
    var size = arena.allocate(4, 4);
    var btf = Libbpf.bpf_object__btf(object);
    if (btf.address() == 0)
      throw new BpfException("BPF object " + name + " has no type information", 0);
    var raw =
        Libbpf.btf__raw_data(btf, size)
            .reinterpret(Integer.toUnsignedLong(size.get(JAVA_INT_UNALIGNED, 0)));
    return new Btf(into.allocate(raw.byteSize(), 8).copyFrom(raw));
  }

  Map<String, MemorySegment> programs() {
    return programs;
  }

  /// What `SEC()` says of each program.
  Map<String, String> sections() {
    var sections = new LinkedHashMap<String, String>();
    programs.forEach((program, p) ->
        sections.put(program, Libbpf.bpf_program__section_name(p).reinterpret(256).getString(0)));
    return sections;
  }

  /// A loaded program, to make copies of.
  ProgramPattern pattern(String program) {
    return ProgramPattern.of(program, programs.get(program), Libbpf.bpf_object__btf_fd(object));
  }

  Map<String, MemorySegment> maps() {
    return maps;
  }

  /// Names the kernel function of a program whose `SEC()` names none.
  void aim(String program, String function) throws Refused {
    int error =
        Libbpf.bpf_program__set_attach_target(
            programs.get(program), 0, arena.allocateFrom(function));
    if (error == 0) return;
    letGoOfModules();
    throw new Refused(
        program, -error, Native.message(-error) + ": the kernel's types have no " + function);
  }

  /// What is not in the kernel's own types, libbpf looks for in those of each kernel module. It
  /// holds a descriptor of every one, and lets go of them at the end of a load, not in a close.
  private void letGoOfModules() {
    programs.values().forEach(p -> Libbpf.bpf_program__set_autoload(p, false));
    LibbpfLog.during(() -> Libbpf.bpf_object__load(object));
  }

  void setNumber(Btf.Field global, long value) {
    var rodata = initialValue(".rodata");
    switch ((int) global.size()) {
      case 1 -> rodata.set(JAVA_BYTE, global.offset(), (byte) value);
      case 2 -> rodata.set(JAVA_SHORT_UNALIGNED, global.offset(), (short) value);
      case 4 -> rodata.set(JAVA_INT_UNALIGNED, global.offset(), (int) value);
      default -> rodata.set(JAVA_LONG_UNALIGNED, global.offset(), value);
    }
  }

  void setBytes(Btf.Field global, byte[] value) {
    MemorySegment.copy(value, 0, initialValue(".rodata"), JAVA_BYTE, global.offset(), value.length);
  }

  private MemorySegment initialValue(String section) {
    var size = arena.allocate(JAVA_LONG);
    var value = Libbpf.bpf_map__initial_value(section(section), size);
    return value.reinterpret(size.get(JAVA_LONG, 0));
  }

  /// The map behind a section of globals; libbpf prefixes its name with the object's.
  MemorySegment section(String section) {
    return maps.entrySet().stream()
        .filter(e -> e.getKey().endsWith(section))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("object " + name + " has no " + section))
        .getValue();
  }

  /// Loads what was not left out into the kernel.
  void load() throws Refused {
    var result = new int[1];
    var log = LibbpfLog.during(() -> result[0] = Libbpf.bpf_object__load(object));
    if (result[0] == 0) return;
    int errno = -result[0];
    var verdict = log.verdict();
    var said =
        Native.message(errno)
            + (verdict.isEmpty() || verdict.endsWith(Native.message(errno)) ? "" : ": " + verdict);
    throw new Refused(log.culprit().orElse(""), errno, said);
  }

  /// Attaches to functions, each by the first of these ways that the kernel accepts.
  WatchedFunctions watch(FunctionsNeed need, List<FunctionWay> usable) {
    functions = new WatchedFunctions(this, need, usable);
    return functions;
  }

  /// Attaches to user functions.
  ///
  /// @param cookies whether the programs that ask for a cookie are loaded
  WatchedUserFunctions watch(UserFunctionsNeed need, boolean cookies) {
    userFunctions = new WatchedUserFunctions(this, need, cookies);
    return userFunctions;
  }

  void attach(Way.Attachment attachment) throws Refused {
    var program = programs.get(attachment.program());
    var hook = attachment.hook();
    var refused = new BpfException[1];
    var log =
        LibbpfLog.during(() -> {
          try {
            if (hook instanceof Hook.Entries(var map))
              sweeps.put(attachment.program(), linkToEntries(program, map));
            else links.push(new Link(attachment.program(), link(program, hook)));
          } catch (BpfException e) {
            refused[0] = e;
          }
        });
    if (refused[0] == null) return;
    var place =
        hook instanceof Hook.Tracepoint t ? " to tracepoint " + t.category() + ":" + t.name() : "";
    var verdict = log.verdict();
    throw new Refused(
        attachment.program(),
        refused[0].errno(),
        "attach"
            + place
            + ": "
            + Native.message(refused[0].errno())
            + (verdict.isEmpty() ? "" : ": " + verdict));
  }

  // No switch, for which the JVM would make a class while somebody waits.
  private MemorySegment link(MemorySegment program, Hook hook) {
    if (hook instanceof Hook.Declared)
      return Native.pointer("attach", Libbpf.bpf_program__attach(program));
    if (hook instanceof Hook.Iterator)
      return Native.pointer("attach", Libbpf.bpf_program__attach_iter(program, MemorySegment.NULL));
    if (hook instanceof Hook.Tracepoint(var category, var tracepoint))
      return Native.pointer(
          "attach",
          Libbpf.bpf_program__attach_tracepoint(
              program, arena.allocateFrom(category), arena.allocateFrom(tracepoint)));
    if (hook instanceof Hook.Function(var function, var atReturn))
      return Native.pointer(
          "attach",
          Libbpf.bpf_program__attach_kprobe(program, atReturn, arena.allocateFrom(function)));
    throw new IllegalArgumentException(hook + " is no link of libbpf's: attached elsewhere");
  }

  private int linkToEntries(MemorySegment program, String map) {
    return BpfLink.toEntries(Libbpf.bpf_program__fd(program), Libbpf.bpf_map__fd(maps.get(map)));
  }

  /// Runs the iterator that was attached last, to its end.
  void runIterator() throws Refused {
    int errno = run(Libbpf.bpf_link__fd(links.peek().link()));
    if (errno != 0) throw new Refused("", errno, Native.message(errno));
  }

  /// Runs a program over the entries of the map that it is attached to, if it is.
  void sweep(String program) {
    var link = sweeps.get(program);
    if (link == null) return;
    int errno = run(link);
    if (errno != 0) throw new BpfException("run " + program + ": " + Native.message(errno), errno);
  }

  private static int run(int link) {
    int descriptor = Libbpf.bpf_iter_create(link);
    if (descriptor < 0) return -descriptor;
    try (var buffer = Arena.ofConfined()) {
      var bytes = buffer.allocate(4096);
      while (Libbpf.read(descriptor, bytes, bytes.byteSize()) > 0) {
        // Our iterators write nothing: what they see goes into maps.
      }
    }
    Libbpf.close(descriptor);
    return 0;
  }

  /// What the kernel says of each program that is attached, in the order they were.
  List<ProgramStatistics> statistics() {
    var missed = new LinkedHashMap<String, Long>();
    links
        .descendingIterator()
        .forEachRemaining(l ->
            missed.merge(
                l.program(), ProgramInfo.missed(Libbpf.bpf_link__fd(l.link())), Long::sum));
    var all = new ArrayList<ProgramStatistics>();
    missed.forEach((program, byLink) -> {
      var said = ProgramInfo.of(program, Libbpf.bpf_program__fd(programs.get(program)));
      all.add(new ProgramStatistics(program, said.verifiedInstructions(), said.missed() + byLink));
    });
    if (functions != null) all.addAll(functions.statistics());
    if (userFunctions != null) all.addAll(userFunctions.statistics());
    return all;
  }

  /// Detaches everything, the last attached first.
  void detach() {
    if (functions != null) functions.detach();
    if (userFunctions != null) userFunctions.detach();
    while (!links.isEmpty()) Libbpf.bpf_link__destroy(links.pop().link());
    // From now on nobody tells when an entry is out of date.
    sweeps
        .values()
        .forEach(link -> {
          run(link);
          Libbpf.close(link);
        });
    sweeps.clear();
  }

  @Override
  public void close() {
    if (!open) return;
    open = false;
    detach();
    Libbpf.bpf_object__close(object);
    arena.close();
  }
}
