package dev.ringside.bpf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds the ways that this kernel accepts, by loading and attaching.
///
/// One attempt opens the object, sets what was declared, leaves out what other ways need, loads,
/// maps the rings and attaches. A refusal ends the attempt and gives up the way that it is about;
/// the next attempt begins from nothing. An attempt costs a good part of a second, so ways that
/// have another one behind them are tried on a small scale before.
record ObjectLoader(String name, byte[] image, Btf btf, Declarations declared, Trial trial) {
  static final Path KERNEL_BTF = Path.of("/sys/kernel/btf/vmlinux");
  private static final int EPERM = 1;
  private static final int REASONS = 5;

  /// An attempt that succeeded.
  ///
  /// @param maps those that were created, by name
  /// @param rings mapped, and not polled yet
  /// @param attempts how many it took
  record Loaded(
      LoadedObject object,
      Map<String, BpfMap> maps,
      List<RingReader> rings,
      AttachPlan plan,
      int attempts)
      implements AutoCloseable {
    @Override
    public void close() {
      object.detach();
      rings.forEach(RingReader::close);
      object.close();
    }
  }

  Loaded load(boolean attach) {
    requireCapabilities();
    requireTypeInformation();
    var leftOut = new HashSet<>(declared.leftOut);
    leftOut.addAll(trial.programsWithoutPlace());
    var choice = new Choice(declared.needs, leftOut);
    for (int attempt = 1; ; attempt++) {
      if (attach) tryOut(choice);
      try {
        return attempt(choice, attach, attempt);
      } catch (LoadedObject.Refused refused) {
        giveUp(choice, refused);
      }
    }
  }

  private void tryOut(Choice choice) {
    for (var way = choice.nextUntried(); way.isPresent(); way = choice.nextUntried()) {
      trial.refusal(way.get()).ifPresent(refused -> giveUp(choice, refused));
    }
  }

  private void requireCapabilities() {
    var missing = Capabilities.ofThisProcess().missing();
    if (missing.isEmpty()) return;
    throw new BpfException(
        "load %s: this process has no %s; run as root, or grant them, for example with AmbientCapabilities= in a systemd unit"
            .formatted(name, String.join(" and no ", missing)),
        EPERM);
  }

  private void requireTypeInformation() {
    // A container may hide it behind an empty file; Files.size would need a try.
    if (KERNEL_BTF.toFile().length() > 0) return;
    throw new UnsupportedKernelException(
        "load %s: this kernel has no type information at %s; a kernel built with CONFIG_DEBUG_INFO_BTF=y is needed (5.10 or newer)"
            .formatted(name, KERNEL_BTF),
        0,
        new AttachPlan(List.of()));
  }

  private Loaded attempt(Choice choice, boolean attach, int attempt) throws LoadedObject.Refused {
    var object = new LoadedObject(name, image);
    var rings = new ArrayList<RingReader>();
    try {
      new ObjectSetup(object, btf).apply(declared, choice);
      object.load();
      var leftOut = choice.mapsLeftOut();
      var maps = new LinkedHashMap<String, BpfMap>();
      object
          .maps()
          .forEach((map, m) -> {
            if (!leftOut.contains(map)) maps.put(map, BpfMap.of(m, map));
          });
      declared.rings.forEach((ring, sink) -> rings.add(reader(maps.get(ring), sink)));
      var plan = attach ? attachAll(object, choice) : choice.plan();
      return new Loaded(object, maps, rings, plan, attempt);
    } catch (LoadedObject.Refused | RuntimeException e) {
      // What an attempt saw that is given up is seen by nobody: its counts end here, and so do its
      // events.
      object.detach();
      rings.forEach(RingReader::close);
      object.close();
      throw e;
    }
  }

  private RingReader reader(BpfMap ring, RecordSink sink) {
    var first = btf.carriedBy(ring.name()).fields().getFirst();
    boolean timed = first.type().equals("boottime_ns");
    var memory = RingMemory.map(ring.name(), ring.descriptor(), ring.maxEntries());
    return new RingReader(ring.name(), ring.descriptor(), ring.maxEntries(), timed, sink, memory);
  }

  private AttachPlan attachAll(LoadedObject object, Choice choice) throws LoadedObject.Refused {
    var leftOut = choice.programsLeftOut();
    var mentioned = new ArrayList<Way.Attachment>();
    choice.ways().forEach(w -> mentioned.addAll(w.attachments()));
    mentioned.removeIf(a -> a.hook() instanceof Hook.Pattern);
    var byWay =
        choice.ways().stream()
            .flatMap(w -> w.attachments().stream().map(Way.Attachment::program))
            .toList();
    // First what may be refused, then what must work.
    for (var a : mentioned) if (!(a.hook() instanceof Hook.Iterator)) object.attach(a);
    for (var program : object.programs().keySet()) {
      if (!leftOut.contains(program) && !byWay.contains(program)) {
        object.attach(new Way.Attachment(program, Hook.declared()));
      }
    }
    // Last, so that what comes while an iterator runs is seen by the hooks.
    for (var a : mentioned) {
      if (a.hook() instanceof Hook.Iterator) {
        object.attach(a);
        object.runIterator();
      }
    }
    if (declared.functions.isPresent()) return watch(object, choice, declared.functions.get());
    if (declared.userFunctions.isPresent())
      return watch(object, choice, declared.userFunctions.get());
    return choice.plan();
  }

  private AttachPlan watch(LoadedObject object, Choice choice, FunctionsNeed need) {
    var usable = need.ways().stream().filter(w -> choice.ways().contains(w.way())).toList();
    var functions = object.watch(need, usable);
    var plan = watched(choice, functions.steps(), functions.isEmpty());
    requireFunctions(need, plan);
    return plan;
  }

  private void requireFunctions(FunctionsNeed need, AttachPlan plan) {
    var missing =
        plan.functions().stream()
            .filter(s -> s.holds().isEmpty() && need.required().containsKey(s.need().name()))
            .toList();
    if (missing.isEmpty()) return;
    throw new UnsupportedKernelException(
        "load %s: the kernel lets nobody watch %s; %s"
            .formatted(
                name,
                reasons(new AttachPlan(List.of(), missing)),
                need.required().get(missing.getFirst().need().name())),
        0,
        plan);
  }

  private AttachPlan watch(LoadedObject object, Choice choice, UserFunctionsNeed need) {
    boolean cookies =
        choice.ways().stream().anyMatch(w -> w.mechanism().equals(UserFunctionsNeed.COOKIES));
    var functions = object.watch(need, cookies);
    return watched(choice, functions.steps(), functions.isEmpty());
  }

  private AttachPlan watched(Choice choice, List<AttachPlan.Step> functions, boolean isEmpty) {
    var plan = new AttachPlan(choice.plan().steps(), functions);
    if (!isEmpty) return plan;
    throw new UnsupportedKernelException(
        "load " + name + ": none of the functions can be watched; " + reasons(plan), 0, plan);
  }

  private static String reasons(AttachPlan plan) {
    return Stream.concat(plan.steps().stream(), plan.functions().stream())
        .filter(s -> s.holds().isEmpty())
        .flatMap(s -> s.refusals().stream().map(r -> s.need().name() + " by " + r))
        .limit(REASONS)
        .collect(Collectors.joining("; "));
  }

  private void giveUp(Choice choice, LoadedObject.Refused refused) {
    if (choice.giveUp(refused.what, refused.errno, refused.getMessage())) return;
    var reasons = new ArrayList<String>();
    for (var step : choice.plan().steps()) {
      if (step.holds().isEmpty() && step.need().required()) {
        step.refusals().forEach(r -> reasons.add(step.need().name() + " by " + r));
      }
    }
    if (reasons.isEmpty()) {
      var what = refused.what.isEmpty() ? name : name + "'s " + refused.what;
      throw new BpfException(
          "load " + what + ": " + refused.getMessage() + advice(refused.errno), refused.errno);
    }
    throw new UnsupportedKernelException(
        "load " + name + ": no way left; " + String.join("; ", reasons) + advice(refused.errno),
        refused.errno,
        choice.plan());
  }

  private static String advice(int errno) {
    var filter = OthersFilter.advice();
    return filter.isEmpty() ? LockedMemory.advice(errno) : filter;
  }
}
