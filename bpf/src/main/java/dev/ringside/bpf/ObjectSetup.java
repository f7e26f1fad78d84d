package dev.ringside.bpf;

import dev.ringside.bpf.libbpf.Libbpf;

/// Puts what was declared into an opened object, before it is loaded.
record ObjectSetup(LoadedObject object, Btf btf) {

  void apply(Declarations declared, Choice choice) {
    declared.numbers.forEach(this::number);
    declared.bytes.forEach((global, value) -> object.setBytes(constant(global), value));
    choice.ways().forEach(way -> way.constants().forEach(this::number));
    for (var program : choice.programsLeftOut()) {
      Libbpf.bpf_program__set_autoload(object.programs().get(program), false);
    }
    for (var map : choice.mapsLeftOut()) {
      Libbpf.bpf_map__set_autocreate(object.maps().get(map), false);
    }
    declared.sizes.forEach(this::resize);
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
