package dev.ringside.bpf;

import dev.ringside.bpf.libbpf.Libbpf;
import java.util.List;

/// Links what loading an object calls. The JVM makes code for each function when it is first asked
/// for, which together takes as long as starting the JVM; who has other things to do before, lets
/// another thread do it meanwhile.
public final class Linkage {
  private Linkage() {}

  /// Begins, on a thread of its own, and returns at once. Whether libbpf is there is said when it
  /// is needed, not here.
  public static void ahead() {
    Thread.ofPlatform().daemon().name("ringside-linkage").start(Linkage::link);
  }

  private static void link() {
    try {
      Native.libbpfVersion();
      handles();
      capturingHandles();
    } catch (BpfException | LinkageError e) {
      // Whoever needs it meets the same, and tells it.
    }
  }

  private static List<?> handles() {
    return List.of(
        Libbpf.bpf_object__open_mem$handle(),
        Libbpf.bpf_object__next_program$handle(),
        Libbpf.bpf_object__next_map$handle(),
        Libbpf.bpf_map__name$handle(),
        Libbpf.bpf_map__type$handle(),
        Libbpf.bpf_map__max_entries$handle(),
        Libbpf.bpf_map__key_size$handle(),
        Libbpf.bpf_map__value_size$handle(),
        Libbpf.bpf_map__initial_value$handle(),
        Libbpf.bpf_object__btf$handle(),
        Libbpf.btf__raw_data$handle(),
        Libbpf.bpf_program__name$handle(),
        Libbpf.bpf_program__section_name$handle(),
        Libbpf.bpf_program__set_autoload$handle(),
        Libbpf.bpf_map__set_autocreate$handle(),
        Libbpf.bpf_map__set_max_entries$handle(),
        Libbpf.bpf_object__load$handle(),
        Libbpf.bpf_program__attach$handle(),
        Libbpf.bpf_program__attach_tracepoint$handle(),
        Libbpf.bpf_program__attach_kprobe$handle(),
        Libbpf.bpf_program__attach_iter$handle(),
        Libbpf.bpf_link__fd$handle(),
        Libbpf.bpf_iter_create$handle(),
        Libbpf.bpf_obj_get_info_by_fd$handle(),
        Libbpf.bpf_map__fd$handle(),
        Libbpf.bpf_link__destroy$handle(),
        Libbpf.bpf_object__close$handle(),
        Libbpf.epoll_wait$handle(),
        Libbpf.clock_gettime$handle());
  }

  private static List<?> capturingHandles() {
    return List.of(
        Native.capturing(Libbpf.epoll_create1$address(), Libbpf.epoll_create1$descriptor()),
        Native.capturing(Libbpf.eventfd$address(), Libbpf.eventfd$descriptor()),
        Native.capturing(Libbpf.epoll_ctl$address(), Libbpf.epoll_ctl$descriptor()),
        Native.capturing(Libbpf.mmap$address(), Libbpf.mmap$descriptor()));
  }
}
