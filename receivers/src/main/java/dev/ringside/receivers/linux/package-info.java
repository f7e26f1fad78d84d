/// The kernel's vocabulary, in words: what an errno, a signal, an open flag, an exit status, a path
/// or a cgroup is called. Pure functions, for every receiver, ours or a third party's.
package dev.ringside.receivers.linux;
