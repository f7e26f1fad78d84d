package dev.ringside.bpf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One way to get what is needed: the programs and maps it loads, where the programs attach, and
/// the constants that select it. Only the ways that hold are loaded; the programs and maps of all
/// others are left out of the object.
///
/// ```java
/// Way.by("fentry/fexit").attach("on_open_entry").attach("on_open_exit")
/// Way.by("tracepoint").attach("on_enter", Hook.tracepoint("syscalls", "sys_enter_openat"))
/// Way.by("task storage").map("starts_by_task").set("use_task_storage", 1)
/// ```
///
/// @param mechanism what a person calls it; it is exported as `ringside.hook.mechanism`
/// @param note what this way costs or misses compared with a better one, for `doctor`; may be empty
/// @param attachments programs of this way; a program may attach in several places
/// @param maps maps that only this way uses
/// @param constants `const volatile` numbers to set when this way holds
public record Way(
    String mechanism,
    String note,
    List<Attachment> attachments,
    List<String> maps,
    Map<String, Long> constants) {

  /// A program and the place it attaches to.
  public record Attachment(String program, Hook hook) {}

  public Way {
    attachments = List.copyOf(attachments);
    maps = List.copyOf(maps);
    constants = Map.copyOf(constants);
  }

  public static Way by(String mechanism) {
    return new Way(mechanism, "", List.of(), List.of(), Map.of());
  }

  /// Attaches a program where its `SEC()` says.
  public Way attach(String program) {
    return attach(program, Hook.declared());
  }

  public Way attach(String program, Hook hook) {
    var all = new ArrayList<>(attachments);
    all.add(new Attachment(program, hook));
    return new Way(mechanism, note, all, maps, constants);
  }

  public Way map(String map) {
    var all = new ArrayList<>(maps);
    all.add(map);
    return new Way(mechanism, note, attachments, all, constants);
  }

  public Way set(String global, long value) {
    var all = new LinkedHashMap<>(constants);
    all.put(global, value);
    return new Way(mechanism, note, attachments, maps, all);
  }

  public Way note(String note) {
    return new Way(mechanism, note, attachments, maps, constants);
  }
}
