/// The only room that touches native memory or the kernel.
///
/// A receiver sees three things of it. [Probe] is a BPF object before it is loaded: what to set,
/// what to listen to, which ways of attaching to try. [Hook] is a place in the kernel. [Table] is a
/// kernel map, read from Java. All three are declarations, so a receiver has no life of its own to
/// manage.
///
/// Life is written once, in [BpfObject]: open → bind → load → map rings → attach … detach → drain →
/// unmap → close. Attach last, detach first. Which hooks hold is found by trying, in order
/// ([AttachPlan]), never from the kernel's version.
///
/// Layouts are declared once, in C. Java reads them from the object's own type information ([Btf])
/// and binds records to them by name ([Decoder]), so a mismatch fails at bind time, without
/// privileges and with both sides named.
///
/// Rings are drained straight from mapped memory ([RingReader]) by one thread ([Poller]), in loops
/// that are generated for their records ([SinkCode]).
///
/// Native calls go through the bindings that jextract generated in `bpf/libbpf`; [Native] is the
/// thin layer around them that says what `errno` means.
package dev.ringside.bpf;
