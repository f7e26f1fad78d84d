package dev.ringside.receivers;

/// Who owns a connection: `struct owner`. All zeros when nobody is known.
///
/// @param cgroupNode the id of the control group whose names are told
/// @param execId another one after each exec
public record Owner(ObservedProcess process, long cgroupNode, int execId) {

  /// A process for as long as it has the same names: `struct owner_key`.
  record Key(long startTime, long cgroupNode, int pid, int execId) {
    @Override
    public int hashCode() {
      return (pid * 31 + execId) * 31 + (int) cgroupNode;
    }
  }

  Key key() {
    return new Key(process.startTime(), cgroupNode, process.pid(), execId);
  }
}
