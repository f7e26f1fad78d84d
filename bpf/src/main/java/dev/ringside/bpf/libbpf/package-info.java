/// libbpf and the C library, as jextract generated them from `bpf/libbpf`. Only [Downcall], through
/// which they are called, is written by hand.
package dev.ringside.bpf.libbpf;
