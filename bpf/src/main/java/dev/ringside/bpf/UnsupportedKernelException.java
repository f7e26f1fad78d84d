package dev.ringside.bpf;

/// A required need has no way left on this kernel. The [AttachPlan] has every way that was tried,
/// and why it was refused.
public final class UnsupportedKernelException extends BpfException {
  private static final long serialVersionUID = 1;

  private final transient AttachPlan plan;

  public UnsupportedKernelException(String message, int errno, AttachPlan plan) {
    super(message, errno);
    this.plan = plan;
  }

  public AttachPlan plan() {
    return plan;
  }
}
