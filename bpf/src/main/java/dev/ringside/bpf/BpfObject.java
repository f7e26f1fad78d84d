package dev.ringside.bpf;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// A BPF object and its life: open → bind → load → map rings → attach … detach → drain → unmap →
/// close.
///
/// Opening and binding ([Probe]) need no privileges. [#load] tries the ways of each need in their
/// order: it loads and attaches, and on a refusal closes everything and begins anew with the next
/// way, so what holds in the end was never mixed with what failed. What can be refused is tried
/// with a small program before ([Trial]). [#detach] stops the kernel side and drains the rings;
/// tables can still be read. [#close] gives everything back. One thread calls these; tables and
/// statistics may be read from any.
public final class BpfObject implements Probe, AutoCloseable {
  private static final String RODATA = ".rodata";

  /// Who may come to have a histogram, as a multiple of who has one.
  private static final long OTHERS = 4;

  private final String name;
  private final byte[] image;
  private final Btf btf;
  private final Map<String, String> sections;
  private final Set<String> maps;
  private final Declarations declared = new Declarations();
  private final Object reading = new Object();

  private volatile ObjectLoader.Loaded loaded;
  private Poller poller;
  private volatile Map<String, BpfMap> live = Map.of();
  private List<RingStatistics> lastRings = List.of();
  private List<MapStatistics> lastMaps = List.of();
  private List<ProgramStatistics> lastPrograms = List.of();
  private boolean attached;

  private BpfObject(String name, byte[] image) {
    this.name = name;
    this.image = image;
    Native.libbpfVersion();
    try (var opened = new LoadedObject(name, image)) {
      btf = opened.btf(Arena.ofAuto());
      sections = opened.sections();
      maps = Set.copyOf(opened.maps().keySet());
    }
    if (btf.global(RODATA, "histogram_bounds").isPresent()) declared.setHistogramBounds();
  }

  /// Opens the object `bpf/<architecture>/<name>.bpf.o` on the class path.
  public static BpfObject open(String name, ClassLoader loader) {
    return new BpfObject(name, ObjectImage.read(name, loader));
  }

  @Override
  public void set(String global, long value) {
    var field = constant(global);
    if (field.isArray() || field.kind() != BtfTypes.INT && field.kind() != BtfTypes.ENUM) {
      throw new IllegalArgumentException(name + ": `" + field + "` is no number");
    }
    int bits = (int) field.size() * 8;
    if (bits < 64 && (value < -(1L << bits - 1) || value >= 1L << bits)) {
      throw new IllegalArgumentException(name + ": " + value + " does not fit `" + field + "`");
    }
    declared.numbers.put(global, value);
  }

  @Override
  public void set(String global, byte[] value) {
    var field = constant(global);
    if (!field.isArray() || field.size() * field.count() < value.length) {
      throw new IllegalArgumentException(
          name + ": " + value.length + " bytes do not fit `" + field + "`");
    }
    declared.bytes.put(global, value.clone());
  }

  private Btf.Field constant(String global) {
    return btf.global(RODATA, global)
        .orElseThrow(() ->
            new IllegalArgumentException(
                name
                    + ": no `const volatile` "
                    + global
                    + " in the object; it has "
                    + btf.globals(RODATA).stream().map(Btf.Field::name).toList()));
  }

  @Override
  public void resize(String map, long entries) {
    requireMap(map);
    declared.sizes.put(map, entries);
  }

  @Override
  public void need(Need need) {
    for (var way : need.ways()) {
      way.maps().forEach(this::requireMap);
      way.constants().keySet().forEach(this::constant);
      way.attachments().forEach(a -> requireProgram(a.program()));
    }
    declared.needs.add(need);
  }

  private void requireProgram(String program) {
    if (!sections.containsKey(program)) {
      throw new IllegalArgumentException(
          name + ": no program " + program + " in the object; it has " + sorted(sections.keySet()));
    }
  }

  @Override
  public void leaveOut(String program) {
    requireProgram(program);
    declared.leftOut.add(program);
  }

  @Override
  public void need(FunctionsNeed functions) {
    if (declared.functions.isPresent())
      throw new IllegalStateException(name + " watches functions already");
    for (var way : functions.ways()) {
      var mechanism = way.kind().mechanism();
      need(Need.optional("functions by " + mechanism, way.way()));
    }
    declared.functions = Optional.of(functions);
  }

  @Override
  public void need(UserFunctionsNeed functions) {
    if (declared.userFunctions.isPresent())
      throw new IllegalStateException(name + " watches user functions already");
    need(functions.need());
    declared.userFunctions = Optional.of(functions);
  }

  private void requireMap(String map) {
    if (!maps.contains(map)) {
      throw new IllegalArgumentException(
          name + ": no map " + map + " in the object; it has " + sorted(maps));
    }
  }

  @Override
  public <E extends Record> void onEvent(String ring, Class<E> event, Consumer<? super E> handler) {
    declared.rings.put(ring, Decoder.sink(event, btf.carriedBy(ring), btf, handler));
  }

  @Override
  public <K extends Record> Table<K, Long> table(String map, Class<K> key) {
    requireMap(map);
    if (btf.valueOf(map).size() != 8)
      throw new IllegalArgumentException(name + ": the values of " + map + " are no u64");
    return MapTables.sums(map, Decoder.of(key, btf.keyOf(map), btf), read -> reading(map, read));
  }

  @Override
  public <K extends Record> Table<K, Histogram> histograms(String map, Class<K> key) {
    requireMap(map);
    var decoder = Decoder.of(key, btf.keyOf(map), btf);
    return switch (btf.valueOf(map).name()) {
      case "histogram" -> MapTables.histograms(map, decoder, read -> reading(map, read));
      case "octave" -> new OctaveTable<>(decoder, octaveOf(map), read -> reading(map, read));
      default ->
          throw new IllegalArgumentException(
              name + ": the values of " + map + " are neither struct histogram nor struct octave");
    };
  }

  @Override
  public <K extends Record> Table<K, Histogram> histogramsOfMost(
      String map, Class<K> key, long most) {
    return histogramsOfMost(map, key, most, System::nanoTime);
  }

  /// By another clock, for tests.
  <K extends Record> Table<K, Histogram> histogramsOfMost(
      String map, Class<K> key, long most, LongSupplier nanoTime) {
    resize(map, most);
    resize(map + "_leaving", most);
    resize(map + "_others", OTHERS * most);
    var decoder = Decoder.of(key, btf.keyOf(map), btf);
    return new HistogramsOfMost<>(map, decoder, this::readingAll, nanoTime);
  }

  @Override
  public Runnable sweep(String program) {
    requireProgram(program);
    return () -> {
      synchronized (reading) {
        if (attached) loaded.object().sweep(program);
      }
    };
  }

  private Btf.Field octaveOf(String map) {
    return btf.keyOf(map)
        .field("octave")
        .filter(field -> field.size() == 2)
        .orElseThrow(() ->
            new IllegalArgumentException(name + ": the key of " + map + " has no u16 octave"));
  }

  private void reading(String map, Consumer<BpfMap> read) {
    readingAll(maps -> {
      var found = maps.get(map);
      if (found != null) read.accept(found);
    });
  }

  private void readingAll(Consumer<Map<String, BpfMap>> read) {
    synchronized (reading) {
      if (!live.isEmpty()) read.accept(live);
    }
  }

  /// Loads the object into the kernel by the first ways that it accepts, and attaches.
  ///
  /// @param poller polls the object's rings until [#detach]
  /// @throws UnsupportedKernelException when a required need has no way left; it has the plan
  /// @throws BpfException for everything else, for example missing capabilities
  public AttachPlan load(Poller poller) {
    return load(poller, true);
  }

  /// Without attaching, for tests that run programs by hand.
  AttachPlan load(Poller poller, boolean attach) {
    if (loaded != null) throw new IllegalStateException(name + " is loaded already");
    loaded = new ObjectLoader(name, image, btf, declared, new Trial(sections)).load(attach);
    this.poller = poller;
    synchronized (reading) {
      live = loaded.maps();
    }
    loaded.rings().forEach(poller::add);
    synchronized (reading) {
      attached = true;
    }
    return loaded.plan();
  }

  /// Detaches from the kernel and hands the events that are still in the rings to their handlers.
  /// Tables and statistics can be read until [#close].
  public void detach() {
    if (!attached) return;
    synchronized (reading) {
      attached = false;
      lastPrograms = loaded.object().statistics();
      loaded.object().detach();
    }
    poller.remove(loaded.rings());
  }

  @Override
  public void close() {
    detach();
    if (loaded == null) return;
    lastRings = rings();
    lastMaps = maps();
    synchronized (reading) {
      live = Map.of();
      loaded.close();
      loaded = null;
    }
  }

  /// What [#load] found out; before that, and after [#close], nothing.
  public AttachPlan plan() {
    var now = loaded;
    return now == null ? new AttachPlan(List.of()) : now.plan();
  }

  /// The account of each ring that has a handler; after [#close], the last one.
  public List<RingStatistics> rings() {
    synchronized (reading) {
      return live.isEmpty() ? lastRings : new ObjectStatistics(live, btf).rings(loaded.rings());
    }
  }

  /// How full each map is; after [#close], as it was last.
  public List<MapStatistics> maps() {
    synchronized (reading) {
      return live.isEmpty() ? lastMaps : new ObjectStatistics(live, btf).fills();
    }
  }

  /// What the kernel says of each attached program; after [#detach], as it was last.
  public List<ProgramStatistics> programs() {
    synchronized (reading) {
      return attached ? loaded.object().statistics() : lastPrograms;
    }
  }

  /// The kernel's descriptor of a loaded program, for tests that run one by hand.
  int programDescriptor(String program) {
    return dev.ringside.bpf.libbpf.Libbpf.bpf_program__fd(loaded.object().programs().get(program));
  }

  /// How often it was loaded until it held, for tests.
  int attempts() {
    return loaded.attempts();
  }

  /// The kernel's map, for tests that fill one by hand.
  BpfMap liveMap(String map) {
    return live.get(map);
  }

  /// The stem it was opened by.
  public String name() {
    return name;
  }

  private static List<String> sorted(Set<String> names) {
    return names.stream().sorted().toList();
  }
}
