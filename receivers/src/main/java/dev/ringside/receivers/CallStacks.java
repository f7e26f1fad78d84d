package dev.ringside.receivers;

import dev.ringside.bpf.BpfException;
import dev.ringside.bpf.KernelAddresses;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.Text;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// From where slow calls were made: functions of the kernel by name, and places of the program by
/// file and offset. For the polling thread.
final class CallStacks {
  private final Optional<KernelAddresses> kernel;
  private final Optional<UserFrames> user;

  private CallStacks(Optional<KernelAddresses> kernel, Optional<UserFrames> user) {
    this.kernel = kernel;
    this.user = user;
  }

  /// @throws BpfException when the kernel hides where its functions are
  static CallStacks asked(boolean ofKernel, boolean ofUser) {
    return new CallStacks(
        ofKernel ? Optional.of(KernelAddresses.ofThisKernel()) : Optional.empty(),
        ofUser ? Optional.of(new UserFrames()) : Optional.empty());
  }

  void apply(Probe probe) {
    probe.set("kernel_stacks", kernel.isPresent() ? 1 : 0);
    probe.set("user_stacks", user.isPresent() ? 1 : 0);
  }

  /// The frames of a call, a line for each, the innermost first; null when none were asked for, or
  /// none are known.
  ///
  /// @param function that was called, the innermost of all
  String of(SlowCall call, String function) {
    var lines = new ArrayList<String>();
    kernel.ifPresent(names -> lines.addAll(kernelFrames(names, call.kernelFrames(), function)));
    user.ifPresent(frames -> lines.addAll(frames.of(call)));
    return lines.isEmpty() ? null : String.join("\n", lines);
  }

  /// In front is what looks at the call: programs and trampolines, younger than the list of names
  /// and so without one. Where the function has returned already, it is not among the frames.
  private static List<String> kernelFrames(KernelAddresses names, Text frames, String function) {
    var found = new ArrayList<String>();
    for (long address : addresses(frames)) {
      var name = names.nameOf(address);
      if (name.startsWith(function + "+")) found.clear();
      else if (!name.isEmpty()) found.add(name);
      else if (!found.isEmpty()) found.add("0x" + Long.toHexString(address));
    }
    found.addFirst(function);
    return found;
  }

  static long[] addresses(Text frames) {
    var bytes = ByteBuffer.wrap(frames.bytes()).order(ByteOrder.nativeOrder()).asLongBuffer();
    var addresses = new long[bytes.remaining()];
    bytes.get(addresses);
    return addresses;
  }
}
