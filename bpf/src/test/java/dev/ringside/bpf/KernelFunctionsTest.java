package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Selects from what a small kernel would tell.
class KernelFunctionsTest {
  @TempDir Path kernel;

  @BeforeEach
  void write() throws IOException {
    var btf = new BtfBytes();
    int number = btf.number("int", 4, 1);
    for (var name :
        List.of(
            "vfs_read",
            "vfs_readv",
            "vfs_write",
            "vfs_inlined",
            "vfs_show",
            "vfs_gone",
            "vfs_at_boot",
            "vfs_untraced",
            "vfs_in_noinstr",
            "bpf_prog_run",
            "closed_to_probes")) btf.function(name, number, number);
    btf.function("variadic", number, number, 0);
    var module = new BtfBytes(btf);
    module.function("ext4_file_open", number, number);
    module.function("ext4_file_mmap", number, number);
    Files.createDirectory(kernel.resolve("btf"));
    Files.write(kernel.resolve("btf/vmlinux"), btf.bytes());
    Files.write(kernel.resolve("btf/ext4"), module.bytes());
    write(
        "kallsyms",
        """
        ffffffff81000010 T vfs_read
        ffffffff81000020 T vfs_readv
        ffffffff81000030 T vfs_write
        ffffffff81000040 t vfs_show
        ffffffff81000050 t vfs_show
        ffffffff81000060 t vfs_gone.isra.0
        ffffffff81000070 t vfs_gone.cold
        ffffffff81000080 T vfs_untraced
        ffffffff81000090 T vfs_in_assembly
        ffffffff810000a0 T bpf_prog_run
        ffffffff810000b0 T closed_to_probes
        ffffffff810000c0 T variadic
        ffffffff81001000 T __noinstr_text_start
        ffffffff81001010 T vfs_in_noinstr
        ffffffff81002000 T __noinstr_text_end
        ffffffff83000000 T _sinittext
        ffffffff83000010 T vfs_at_boot
        ffffffff83001000 T _einittext
        ffffffffc0000000 t ext4_file_open\t[ext4]
        ffffffffc0000010 t ext4_file_mmap\t[ext4]
        ffffffffc0000020 t ext4_untyped\t[ext4]
        ffffffffc0001000 t in_two\t[one]
        ffffffffc0002000 t in_two\t[two]
        ffffffffc0003000 t one_more\t[one]
        """);
  }

  @Test
  void selectsAFunctionByItsName() {
    var selection = select("vfs_read");

    assertThat(selection.refused()).isEmpty();
    assertThat(selection.functions())
        .singleElement()
        .satisfies(f -> assertThat(f.name()).isEqualTo("vfs_read"))
        .satisfies(f -> assertThat(f.module()).isEmpty())
        .satisfies(f -> assertThat(f.typeId()).isPositive())
        .satisfies(f -> assertThat(f.argumentWords()).isEqualTo(1))
        .satisfies(f -> assertThat(f.returned()).isEqualTo(KernelFunction.Returned.SIGNED_32));
  }

  @Test
  void findsTheModuleThatHasAFunction() {
    assertThat(names(select("ext4_file_open"))).containsExactly("ext4:ext4_file_open");
    assertThat(names(select("ext4:ext4_file_open"))).containsExactly("ext4:ext4_file_open");
    assertThat(select("ext4_file_open").functions().getFirst().typeId()).isPositive();
  }

  @Test
  void selectsEachFunctionOnce() {
    var selection = select("vfs_write", "vfs_*", "vfs_read");

    assertThat(names(selection))
        .containsExactly("vfs_write", "vfs_read", "vfs_readv", "vfs_untraced");
  }

  @Test
  void countsWhatAGlobLeavesOutForEachReason() {
    write("filter", "vfs_read\nvfs_write\nvfs_readv\nvfs_show\n");

    var selection = select("vfs_*");

    assertThat(selection.refused()).isEmpty();
    assertThat(selection.leftOut())
        .containsEntry("several functions have that name", 1)
        .containsEntry("only there while the kernel boots", 1)
        .containsEntry("not traceable (notrace)", 3)
        .hasSize(3);
  }

  @Test
  void leavesOutOfAGlobWhatOnlyKprobesCanWatch() {
    assertThat(names(select("vfs_in_*"))).isEmpty();
    assertThat(select("vfs_in_as*").refused())
        .singleElement()
        .asString()
        .contains("only kprobes can; name it alone");
    assertThat(select("vfs_in_assembly").functions())
        .singleElement()
        .satisfies(f -> assertThat(f.typeId()).isZero());
  }

  @Test
  void selectsByRegularExpression() {
    assertThat(names(select("/^vfs_(read|write)$/"))).containsExactly("vfs_read", "vfs_write");
    assertThat(names(select("ext4:/open/"))).containsExactly("ext4:ext4_file_open");
  }

  @Test
  void selectsFromModules() {
    assertThat(names(select("ext4:ext4_file_*")))
        .containsExactly("ext4:ext4_file_mmap", "ext4:ext4_file_open");
    assertThat(names(select("*:*file_*")))
        .containsExactly("ext4:ext4_file_mmap", "ext4:ext4_file_open");
    assertThat(names(select("*:vfs_write"))).containsExactly("vfs_write");
    assertThat(names(select("ext4_*"))).isEmpty();
  }

  @Test
  void looksIntoTheKernelForWhatAModuleWouldHave() {
    assertThat(names(select("vfs:vfs_write"))).containsExactly("vfs_write");
    assertThat(names(select("vfs:vfs_read*"))).containsExactly("vfs_read", "vfs_readv");
    assertThat(reason("vfs:*")).contains("no module vfs is loaded");
  }

  @Test
  void namesWhatMayBeMeant() {
    var refused = select("vfs_raed").refused();

    assertThat(refused)
        .singleElement()
        .hasToString("vfs_raed is not in this kernel; did you mean vfs_read, vfs_readv?");
    assertThat(select("vsf_*").refused().getFirst().nearest())
        .containsExactly("vfs_in_assembly", "vfs_read", "vfs_readv", "vfs_untraced", "vfs_write");
    assertThat(select("vfs_gon").refused().getFirst().nearest()).doesNotContain("vfs_gone.isra.0");
    assertThat(select("etx4:nothing").refused().getFirst().nearest()).containsExactly("ext4");
    assertThat(select("etx4:*").refused().getFirst().nearest()).containsExactly("ext4");
  }

  @Test
  void saysWhyAFunctionCannotBeWatched() {
    assertThat(reason("vfs_show"))
        .isEqualTo("is the name of 2 functions, and neither BTF nor the kernel tell them apart");
    assertThat(reason("vfs_gone")).contains("what is left of it is vfs_gone.isra.0");
    assertThat(reason("vfs_gone.cold")).contains("the rarely used part");
    assertThat(reason("vfs_inlined")).contains("inlined everywhere");
    assertThat(reason("vfs_at_boot")).contains("while the kernel boots");
    assertThat(reason("vfs_in_noinstr")).contains("noinstr");
    assertThat(reason("in_two")).isEqualTo("is in several modules");
    assertThat(reason("/(/")).contains("not a regular expression");
    assertThat(reason("preset:florble")).isEqualTo("is no preset");
    assertThat(reason("one:florble")).isEqualTo("is not in module one");
    assertThat(reason("florble:florble")).contains("no module florble is loaded");
  }

  @Test
  void takesWhatIsLeftOfARenamedFunctionForKprobes() {
    assertThat(select("vfs_gone.isra.0").functions())
        .containsExactly(
            new KernelFunction("vfs_gone.isra.0", "", 0, 0, KernelFunction.Returned.UNKNOWN));
  }

  @Test
  void refusesWhatTheKernelKeepsOutOfTracing() {
    write("filter", "vfs_read\next4_file_open [ext4]\n");

    assertThat(reason("vfs_untraced")).contains("notrace");
    assertThat(names(select("vfs_read", "ext4_file_open")))
        .containsExactly("vfs_read", "ext4:ext4_file_open");
  }

  @Test
  void refusesDangerousFunctionsUnlessForced() {
    assertThat(reason("bpf_prog_run")).contains("would call themselves");
    assertThat(select("bpf_*").refused().getFirst().reason()).contains("1 dangerous to watch");

    var forced = functions().select(List.of("bpf_prog_run"), true);

    assertThat(names(forced)).containsExactly("bpf_prog_run");
  }

  @Test
  void refusesOnlyWhatNeitherATrampolineNorAKprobeCanTake() {
    write(
        "blacklist",
        """
        0xffffffff810000b0-0xffffffff810000c0\tclosed_to_probes
        0xffffffff810000c0-0xffffffff810000d0\tvariadic
        """);

    assertThat(names(select("closed_to_probes"))).containsExactly("closed_to_probes");
    assertThat(reason("variadic")).contains("trampolines cannot take it");
  }

  @Test
  void selectsWhatAKernelHasOfAPreset() {
    var selection = select("preset:vfs");

    assertThat(selection.refused()).isEmpty();
    assertThat(names(selection)).containsExactly("vfs_read", "vfs_write", "vfs_readv");
    assertThat(select("preset:tcp").refused().getFirst().reason())
        .isEqualTo("has no function that is in this kernel");
  }

  @Test
  void doesWithoutSymbols() throws IOException {
    Files.delete(kernel.resolve("kallsyms"));

    var selection = select("vfs_read", "vfs_raed", "vfs_w*");

    assertThat(names(selection)).containsExactly("vfs_read", "vfs_write");
    assertThat(selection.refused()).hasSize(1);
  }

  @Test
  void doesWithoutTypes() throws IOException {
    Files.delete(kernel.resolve("btf/vmlinux"));

    var selection = select("vfs_read", "ext4:ext4_file_*");

    assertThat(names(selection))
        .containsExactly("vfs_read", "ext4:ext4_file_mmap", "ext4:ext4_file_open");
    assertThat(selection.functions()).allSatisfy(f -> assertThat(f.typeId()).isZero());
  }

  @Test
  void refusesAllWhereNothingCanBeRead() throws IOException {
    Files.delete(kernel.resolve("btf/vmlinux"));
    Files.delete(kernel.resolve("kallsyms"));

    assertThat(reason("vfs_read")).contains("neither").contains("can be read");
    assertThat(reason("vfs_*")).contains("neither");
  }

  private Selection select(String... patterns) {
    return functions().select(List.of(patterns), false);
  }

  private String reason(String pattern) {
    var selection = select(pattern);
    assertThat(selection.functions()).isEmpty();
    return selection.refused().getFirst().reason();
  }

  private KernelFunctions functions() {
    return new KernelFunctions(
        new KernelSources(
            kernel.resolve("btf"),
            kernel.resolve("kallsyms"),
            List.of(kernel.resolve("nowhere"), kernel.resolve("filter")),
            kernel.resolve("blacklist")));
  }

  private static List<String> names(Selection selection) {
    return selection.functions().stream().map(KernelFunction::toString).toList();
  }

  private void write(String file, String text) {
    try {
      Files.writeString(kernel.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
