package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.bpf.KernelFunction.Returned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Facts that are true of all kernels, from one selection: an emulated kernel takes seconds for it.
class KernelFunctionsIT {
  private static final Path BTF = Path.of("/sys/kernel/btf");

  /// The laboratory's root is an overlay over 9p.
  private static final List<String> MODULES = List.of("overlay", "9p");

  private static Selection selection;

  @BeforeAll
  static void select() {
    assumeTrue(Files.isReadable(BTF.resolve("vmlinux")), "no type information of the kernel");
    var patterns =
        List.of(
            "do_sys_openat2",
            "filp_open",
            "capable",
            "fput",
            "handle_mm_fault",
            "vfs_*",
            "vfs_raed",
            "ktime_get_mono_fast_ns",
            "preset:vfs",
            "preset:block",
            "preset:tcp",
            "preset:locks",
            "preset:scheduler",
            "preset:ext4");
    var ofModules = MODULES.stream().map(m -> m + ":*");
    selection =
        KernelFunctions.ofThisKernel()
            .select(Stream.concat(patterns.stream(), ofModules).toList(), false);
  }

  @Test
  void knowsWordsOfArguments() {
    assertThat(function("vfs_read").argumentWords()).isEqualTo(4);
    assertThat(function("do_sys_openat2").argumentWords()).isEqualTo(3);
    assertThat(function("fput").argumentWords()).isEqualTo(1);
  }

  @Test
  void knowsWhatIsReturnedUnderneathTypedefs() {
    assertThat(function("vfs_read").returned()).isEqualTo(Returned.SIGNED_64);
    assertThat(function("vfs_fsync_range").returned()).isEqualTo(Returned.SIGNED_32);
    assertThat(function("handle_mm_fault").returned()).isEqualTo(Returned.UNSIGNED_32);
    assertThat(function("filp_open").returned()).isEqualTo(Returned.POINTER);
    assertThat(function("capable").returned()).isEqualTo(Returned.BOOL);
    assertThat(function("fput").returned()).isEqualTo(Returned.NOTHING);
  }

  @Test
  void selectsManyByGlob() {
    var functions =
        selection.functions().stream().filter(f -> f.name().startsWith("vfs_")).toList();

    assertThat(functions).hasSizeGreaterThan(30).doesNotHaveDuplicates();
    assertThat(functions).allSatisfy(f -> assertThat(f.typeId()).isPositive());
    assertThat(functions).allSatisfy(f -> assertThat(f.module()).isEmpty());
  }

  @Test
  void namesTheFunctionThatWasMeant() {
    var refused = refused("vfs_raed");

    assertThat(refused.reason()).isEqualTo("is not in this kernel");
    assertThat(refused.nearest()).startsWith("vfs_read").hasSizeLessThan(6);
  }

  @Test
  void refusesWhatProgramsRunThemselves() {
    assertThat(refused("ktime_get_mono_fast_ns").reason()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"vfs", "block", "tcp", "locks", "scheduler"})
  void hasMostOfAPreset(String preset) {
    assertThatMostIsHere(preset);
  }

  /// A file system of its own module in the laboratory, and of the kernel itself elsewhere.
  @Test
  void hasMostOfThePresetOfAFileSystem() throws IOException {
    assumeTrue(
        Files.readString(Path.of("/proc/filesystems")).contains("\text4\n"),
        "this kernel has not loaded ext4");

    assertThatMostIsHere("ext4");
  }

  private static void assertThatMostIsHere(String preset) {
    var members = FunctionLists.presets().get(preset);

    var here = selection.functions().stream().filter(f -> members.contains(f.name())).toList();

    assertThat(here).hasSizeGreaterThan(members.size() / 2);
  }

  @Test
  void findsTheFunctionsOfAModule() {
    assumeTrue(
        MODULES.stream().anyMatch(m -> Files.exists(BTF.resolve(m))),
        "neither overlay nor 9p is a module with type information");

    var functions =
        selection.functions().stream().filter(f -> MODULES.contains(f.module())).toList();

    assertThat(functions)
        .isNotEmpty()
        .allSatisfy(f -> assertThat(f.typeId()).isPositive())
        .anySatisfy(f -> assertThat(f.returned()).isEqualTo(Returned.SIGNED_32));
  }

  private static KernelFunction function(String name) {
    return selection.functions().stream()
        .filter(f -> f.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not selected: " + selection.refused()));
  }

  private static Selection.Refused refused(String pattern) {
    return selection.refused().stream()
        .filter(r -> r.pattern().equals(pattern))
        .findFirst()
        .orElseThrow(() -> new AssertionError(pattern + " is not refused"));
  }
}
