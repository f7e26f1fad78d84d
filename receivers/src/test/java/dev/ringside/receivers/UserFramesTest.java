package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.bpf.Text;
import dev.ringside.receivers.linux.MappedFiles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class UserFramesTest {
  private static final int NOBODY = 1 << 30;
  private static final int VALID = 1;
  private static final int ONLY_ADDRESS = 2;

  private final UserFrames frames = new UserFrames();

  @Test
  void namesTheFileOfAProcessThatIsThere() {
    int own = (int) ProcessHandle.current().pid();
    var code =
        MappedFiles.of(own).areas().stream()
            .filter(a -> a.path().contains("libjvm.so"))
            .findFirst()
            .orElseThrow();
    var files = file(VALID, 0x99).flip();

    var lines = frames.of(call(own, files, code.begin() + 0x10));

    assertThat(lines).containsExactly(code.path() + "+0x" + Long.toHexString(code.offset() + 0x10));
  }

  @Test
  void namesTheFileByItsBuildIdWhenTheProcessIsGone() {
    var files = file(VALID, 0x1234).put(file(VALID, 0x56).flip()).flip();

    var lines = frames.of(call(NOBODY, files, 0x7f001234L, 0x7f000056L));

    assertThat(lines).containsExactly("ab".repeat(20) + "+0x1234", "ab".repeat(20) + "+0x56");
  }

  @Test
  void endsWhereThereIsNoCode() {
    var files = file(VALID, 1).put(file(ONLY_ADDRESS, 200_000_000).flip()).flip();

    var lines = frames.of(call(NOBODY, files, 0x7f001234L, 200_000_000L));

    assertThat(lines).hasSize(1);
  }

  @Test
  void endsWhereTheKernelCountsBackwardsFromAFile() {
    var files = file(VALID, 1).put(file(VALID, -4096).flip()).flip();

    var lines = frames.of(call(NOBODY, files, 0x7f001234L, 200_000_000L));

    assertThat(lines).hasSize(1);
  }

  /// A `struct bpf_stack_build_id`, with room behind it.
  private static ByteBuffer file(int status, long offset) {
    var bytes = ByteBuffer.allocate(2 * 32).order(ByteOrder.nativeOrder());
    bytes.putInt(status);
    for (int i = 0; i < 20; i++) bytes.put((byte) 0xab);
    return bytes.putLong(offset);
  }

  private static SlowCall call(int pid, ByteBuffer files, long... addresses) {
    var process = new ObservedProcess(1, pid, pid, 1, pid, 0, "comm");
    var cgroup = new CgroupNames("", "", "", "");
    var frames = ByteBuffer.allocate(8 * addresses.length).order(ByteOrder.nativeOrder());
    for (long address : addresses) frames.putLong(address);
    var fileBytes = new byte[files.remaining()];
    files.get(fileBytes);
    return new SlowCall(
        9,
        1,
        process,
        0,
        0,
        0,
        "x",
        cgroup,
        Text.EMPTY,
        Text.EMPTY,
        new Text(frames.array(), false),
        new Text(fileBytes, false));
  }
}
