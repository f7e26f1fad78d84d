package dev.ringside.bpf;

import dev.ringside.bpf.libbpf.Libbpf;
import java.util.Set;

/// Puts what was declared into an opened object, before it is loaded.
record ObjectSetup(LoadedObject object, Btf btf) {
  private static final String WAKEUP_BYTES = "ring_wakeup_bytes";

  void apply(Declarations declared, Choice choice) throws LoadedObject.Refused {
    declared.numbers.forEach(this::number);
    declared.bytes.forEach((global, value) -> object.setBytes(constant(global), value));
    choice.ways().forEach(way -> way.constants().forEach(this::number));
    for (var program : choice.programsLeftOut()) {
      Libbpf.bpf_program__set_autoload(object.programs().get(program), false);
    }
    for (var map : choice.mapsLeftOut()) {
      Libbpf.bpf_map__set_autocreate(object.maps().get(map), false);
    }
    for (var way : choice.ways()) {
      for (var a : way.attachments()) {
        if (a.hook() instanceof Hook.Pattern(var function, var _) && knowsItsFunction(a.program()))
          object.aim(a.program(), function);
      }
    }
    declared.sizes.forEach(this::resize);
    setWakeUp(declared);
  }

  /// At a trampoline even a pattern is made for a function.
  private boolean knowsItsFunction(String program) {
    return Set.of("fentry", "fexit").contains(object.sections().get(program));
  }

  /// One step for all rings of an object: that of the smallest which is read.
  private void setWakeUp(Declarations declared) {
    var global = btf.global(".rodata", WAKEUP_BYTES);
    if (global.isEmpty() || declared.numbers.containsKey(WAKEUP_BYTES)) return;
    declared.rings.keySet().stream()
        .map(object.maps()::get)
        .mapToLong(ring -> Integer.toUnsignedLong(Libbpf.bpf_map__max_entries(ring)))
        .map(RingReader::wakeupBytes)
        .min()
        .ifPresent(bytes -> object.setNumber(global.get(), bytes));
  }

  private void number(String global, long value) {
    object.setNumber(constant(global), value);
  }

  private Btf.Field constant(String global) {
    return btf.global(".rodata", global).orElseThrow();
  }

  private void resize(String map, long entries) {
    int error = Libbpf.bpf_map__set_max_entries(object.maps().get(map), Math.toIntExact(entries));
    if (error < 0) {
      throw new BpfException(
          "resize map " + map + " to " + entries + ": " + Native.message(-error), -error);
    }
  }
}
