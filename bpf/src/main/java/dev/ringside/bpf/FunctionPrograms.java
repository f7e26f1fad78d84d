package dev.ringside.bpf;

import dev.ringside.bpf.libbpf.Libbpf;
import java.util.List;

/// What a loaded object has for watching functions.
record FunctionPrograms(LoadedObject object) {

  /// @throws BpfException when the kernel refuses a program that all functions share
  FunctionHooks of(FunctionWay way) {
    return switch (way.kind()) {
      case FSESSION ->
          new CopiedHooks(
              List.of(new CopiedHooks.Part(session(way, BpfLink.FSESSION), new Trampoline())));
      case FSESSION_MULTI ->
          new MultiHooks(
              List.of(sessionOfAll(way, BpfLink.FSESSION_MULTI, BpfLink::toTrampolines)));
      case TRAMPOLINE ->
          new CopiedHooks(
              List.of(
                  new CopiedHooks.Part(object.pattern(way.exit()), new Trampoline()),
                  new CopiedHooks.Part(object.pattern(way.entry()), new Trampoline())));
      case KPROBE_SESSION ->
          new MultiHooks(
              List.of(
                  sessionOfAll(
                      way,
                      BpfLink.KPROBE_SESSION,
                      (program, functions) ->
                          BpfLink.toFunctions(program, BpfLink.KPROBE_SESSION, functions, false))));
      case MULTI -> new MultiHooks(List.of(probe(way.exit(), true), probe(way.entry(), false)));
      case KPROBE ->
          new CopiedHooks(
              List.of(
                  new CopiedHooks.Part(object.pattern(way.exit()), new Kprobe(true)),
                  new CopiedHooks.Part(object.pattern(way.entry()), new Kprobe(false))));
    };
  }

  private ProgramPattern session(FunctionWay way, int attachType) {
    return object.pattern(way.exit()).as(attachType, SessionCalls.ofThisKernel());
  }

  private MultiHooks.Part sessionOfAll(FunctionWay way, int attachType, MultiHooks.Place place) {
    return new MultiHooks.Part(way.exit(), session(way, attachType).load(0), true, place);
  }

  private MultiHooks.Part probe(String program, boolean atReturn) {
    return new MultiHooks.Part(
        program,
        Libbpf.bpf_program__fd(object.programs().get(program)),
        false,
        (p, functions) -> BpfLink.toFunctions(p, BpfLink.KPROBE_MULTI, functions, atReturn));
  }
}
