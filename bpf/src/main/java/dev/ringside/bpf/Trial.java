package dev.ringside.bpf;

import dev.ringside.bpf.KernelFunction.Returned;
import dev.ringside.bpf.LoadedObject.Refused;
import dev.ringside.bpf.libbpf.Libbpf;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Tries a way with a program of two instructions, before the object itself is loaded by it.
///
/// Whether a kernel lets a kind of program attach to a place does not depend on what the program
/// does. A real program can take the verifier a quarter of a second, and some refusals come only
/// when it is attached; this one takes a millisecond to load, and where it must know the kernel's
/// types, ten.
///
/// It only ever speaks against a way. A way that passes is loaded and attached as a whole, and may
/// still be refused then.
///
/// @param sections of the object's programs, by program: `fentry/do_sys_openat2`
record Trial(Map<String, String> sections) {
  private static final byte[] IMAGE = ObjectImage.read("trial", Trial.class.getClassLoader());
  private static final Set<String> KINDS =
      Set.of("fentry", "fexit", "kprobe", "kretprobe", "tracepoint");
  private static final Set<String> BY_TYPE = Set.of("fentry", "fexit");

  /// What the kernel has against the first attachment of a way.
  Optional<Refused> refusal(Way way) {
    if (way.attachments().isEmpty()) return Optional.empty();
    var first = way.attachments().getFirst();
    var section = sections.get(first.program()).split("/", 2);
    var kind = section[0].equals("tp") ? "tracepoint" : section[0];
    var target =
        first.hook() instanceof Hook.Pattern(var function, var _)
            ? function
            : section.length == 2 ? section[1] : "";
    try {
      if (first.hook() instanceof Hook.Pattern(var function, var session) && session.isPresent())
        attempt(session.get(), function);
      else if (KINDS.contains(kind)) attempt(kind, hook(kind, target, first.hook()), target);
      return Optional.empty();
    } catch (Refused e) {
      return Optional.of(new Refused(first.program(), e.errno, e.getMessage()));
    }
  }

  /// Programs whose `SEC()` says what they are and not where they attach.
  Set<String> programsWithoutPlace() {
    return sections.entrySet().stream()
        .filter(section -> !section.getValue().contains("/"))
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Hook hook(String kind, String target, Hook hook) {
    if (hook instanceof Hook.Pattern(var function, var _))
      return kind.startsWith("f")
          ? Hook.declared()
          : new Hook.Function(function, kind.startsWith("kret"));
    if (!(hook instanceof Hook.Declared)) return hook;
    return switch (kind) {
      case "kprobe" -> new Hook.Function(target, false);
      case "kretprobe" -> new Hook.Function(target, true);
      case "tracepoint" -> {
        var parts = target.split("/", 2);
        yield Hook.tracepoint(parts[0], parts[1]);
      }
      default -> hook;
    };
  }

  private static void attempt(String kind, Hook hook, String target) throws Refused {
    try (var object = loaded(kind, target)) {
      object.attach(new Way.Attachment("by_" + kind, hook));
    }
  }

  /// As a session, which is declared as something else.
  private static void attempt(FunctionWay.Kind session, String function) throws Refused {
    var kind = session == FunctionWay.Kind.KPROBE_SESSION ? "kprobe" : "fexit";
    try (var object = loaded(kind, function);
        var types = new KernelTypes()) {
      var way = FunctionWay.session(session, "by_" + kind, "");
      var hooks = new FunctionPrograms(object).of(way);
      var target = new KernelFunction(function, "", types.function(function), 0, Returned.UNKNOWN);
      var refused = hooks.attach(Map.of(0, target));
      hooks.detach();
      for (var e : refused.values()) throw e;
    } catch (BpfException e) {
      throw new Refused("", e.errno(), e.getMessage());
    }
  }

  private static LoadedObject loaded(String kind, String target) throws Refused {
    var program = "by_" + kind;
    var object = new LoadedObject("trial", IMAGE);
    try {
      object
          .programs()
          .forEach((name, p) -> {
            if (!name.equals(program)) Libbpf.bpf_program__set_autoload(p, false);
          });
      if (BY_TYPE.contains(kind)) object.aim(program, target);
      object.load();
      return object;
    } catch (Refused | RuntimeException e) {
      object.close();
      throw e;
    }
  }
}
