package dev.ringside.integration.embedded;

/// In a container, where the service is another process to itself than to the kernel.
class ThreadContextsInNamespaceIT extends ThreadContextsTests {
  ThreadContextsInNamespaceIT() {
    super("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");
  }
}
