/// Other tools that see the same, at the same time: bcc's `execsnoop` and `opensnoop`, from
/// libbpf-tools. They observe only our workload, and get the tracefs they need in a mount namespace
/// of their own, so the host stays as it is.
package dev.ringside.integration.peer;
