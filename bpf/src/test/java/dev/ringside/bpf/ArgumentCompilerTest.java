package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringside.bpf.ArgumentType.Whole;
import dev.ringside.bpf.BtfBytes.Member;
import dev.ringside.bpf.KernelFunction.Returned;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A little kernel, in which paths lead where they do in the large one.
class ArgumentCompilerTest {
  private static final int SIGNED = 1;
  private static final int BOOL = 4;

  private final BtfBytes btf = new BtfBytes();
  private final int number = btf.number("int", 4, SIGNED);
  private final int wide = btf.number("unsigned long", 8, 0);
  private final int character = btf.number("char", 1, 0);
  private final int shortNumber = btf.number("unsigned short", 2, 0);
  private final int u8 = btf.alias("u8", btf.number("unsigned char", 1, 0));
  private final int text = btf.pointer(btf.constant(character));
  private final int be16 = btf.alias("__be16", btf.alias("__u16", shortNumber));
  private final int truth = btf.alias("bool", btf.number("_Bool", 1, BOOL));
  private final int state = btf.names("socket_state", "SS_FREE", "SS_UNCONNECTED");
  private final int qstr =
      btf.structOf("qstr", 16, new Member("len", number, 32), new Member("name", text, 64));
  private final int dentry =
      btf.structOf(
          "dentry", 192, new Member("d_parent", wide, 192), new Member("d_name", qstr, 256));
  private final int path =
      btf.structOf(
          "path", 16, new Member("mnt", wide, 0), new Member("dentry", btf.pointer(dentry), 64));
  private final int inner = btf.structOf("", 8, new Member("i_nlink", number, 32));
  private final int hidden = btf.type("secret", BtfTypes.FWD, 0, 0);
  private final int file =
      btf.structOf(
          "file",
          256,
          new Member("f_path", path, 512),
          new Member("f_reuse", u8, 644, 4),
          new Member("f_port", be16, 656),
          new Member("f_ok", truth, 680),
          new Member("f_state", btf.alias("state_t", state), 704),
          new Member("", inner, 768),
          new Member("f_comm", btf.array(character, 16), 832),
          new Member("f_address", btf.array(u8, 6), 960),
          new Member("private_data", btf.pointer(0), 1024),
          new Member("f_secret", btf.pointer(hidden), 1088),
          new Member("f_mode", number, 1152),
          new Member("f_more", btf.array(number, 0), 1184));
  private final int pair =
      btf.structOf("pair", 16, new Member("low", wide, 0), new Member("high", number, 96));
  private final int id =
      btf.functionOf(
          "vfs_read",
          wide,
          new Member("file", btf.pointer(file), 0),
          new Member("count", number, 0),
          new Member("pair", pair, 0),
          new Member("name", text, 0),
          new Member("e", wide, 0),
          new Member("f", wide, 0),
          new Member("g", pair, 0));

  @Test
  void readsAnArgumentFromItsWord() {
    assertThat(compile("count"))
        .isEqualTo(
            new FunctionArgument("count", 1, true, List.of(), 0, 8, new Whole(0, 32, true, false)));
  }

  @Test
  void followsPointersAndReadsTheNameOfWhatHasOne() {
    assertThat(compile("file->f_path.dentry->d_name"))
        .isEqualTo(
            new FunctionArgument(
                "file->f_path.dentry->d_name",
                0,
                false,
                List.of(72, 40),
                0,
                127,
                new ArgumentType.Characters()));
  }

  @Test
  void knowsWhatKindOfValueIsThere() {
    assertThat(compile("file->f_reuse"))
        .isEqualTo(at("file->f_reuse", 80, 1, new Whole(4, 4, false, false)));
    assertThat(compile("file->f_port"))
        .isEqualTo(at("file->f_port", 82, 2, new Whole(0, 16, false, true)));
    assertThat(compile("file->f_ok"))
        .isEqualTo(at("file->f_ok", 85, 1, new ArgumentType.Truth(new Whole(0, 8, false, false))));
    assertThat(compile("file->f_state"))
        .isEqualTo(
            at(
                "file->f_state",
                88,
                4,
                new ArgumentType.Named(
                    new Whole(0, 32, false, false), Map.of(0L, "SS_FREE", 1L, "SS_UNCONNECTED"))));
    assertThat(compile("file->i_nlink"))
        .isEqualTo(at("file->i_nlink", 100, 4, new Whole(0, 32, true, false)));
    assertThat(compile("file->f_comm"))
        .isEqualTo(at("file->f_comm", 104, 17, new ArgumentType.Characters()));
    assertThat(compile("file->f_address[2]"))
        .isEqualTo(at("file->f_address[2]", 122, 1, new Whole(0, 8, false, false)));
    assertThat(compile("file->private_data"))
        .isEqualTo(at("file->private_data", 128, 8, new ArgumentType.Address()));
  }

  @Test
  void takesAMemberOfAStructByValueFromTheWordItIsIn() {
    assertThat(compile("pair.high"))
        .isEqualTo(
            new FunctionArgument(
                "pair.high", 3, true, List.of(), 0, 8, new Whole(32, 32, true, false)));
    assertThat(compile("name").word()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          fille | it has no argument fille; it takes file (struct file *), count (int), pair (struct pair), name (const char *)
          file->f_pth | struct file has no member f_pth; did you mean f_path?
          file->f_path.zzz | struct path has no member zzz; it has mnt, dentry
          file.f_path | file is of type struct file *; write file->f_path
          file->f_path->dentry | file->f_path is of type struct path; write file->f_path.dentry
          count->x | count is of type int, not a pointer that can be followed
          count.x | count is of type int, which has no members
          file->private_data->x | file->private_data is of type void *, which has no members
          file->f_secret->x | this kernel's type information does not say what is in that
          file->f_path | file->f_path is of type struct path; name one of its members: mnt, dentry
          file->f_address | name one of its elements, such as file->f_address[0]
          file->f_address[6] | [6] is behind its last element
          file->f_more[600000000] | file->f_more[600000000] is too far away
          file->f_mode[1] | file->f_mode is of type int, not an array
          file->-x | is no path; write it as C does
          f | f does not come in a register
          g | g does not come in a register
          """)
  void saysWhatThereIsWhereAPathLeadsNowhere(String path, String message) {
    assertThatThrownBy(() -> compile(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("vfs_read: ")
        .hasMessageContaining(message);
  }

  @Test
  void saysThatAFunctionHasNoTypes() {
    var unknown = new KernelFunction("f", "", 0, 0, Returned.UNKNOWN);

    assertThatThrownBy(() -> compiler().compile(unknown, "x"))
        .hasMessageContaining("does not say what it takes");
  }

  @Test
  void namesAnAttributeAfterItsPath() {
    assertThat(compile("file->f_address[2]").name()).isEqualTo("file.f_address.2");
  }

  @Test
  void readsFarIntoAnArrayWithoutEnd() {
    assertThat(compile("file->f_more[300000000]").offset()).isEqualTo(148 + 1_200_000_000);
  }

  private FunctionArgument at(String path, int offset, int size, ArgumentType type) {
    return new FunctionArgument(path, 0, false, List.of(), offset, size, type);
  }

  private FunctionArgument compile(String path) {
    return compiler().compile(new KernelFunction("vfs_read", "", id, 7, Returned.SIGNED_64), path);
  }

  private ArgumentCompiler compiler() {
    return new ArgumentCompiler(
        new BtfTypes(btf.segment(), "a test", "it was read from a test", Optional.empty()));
  }
}
