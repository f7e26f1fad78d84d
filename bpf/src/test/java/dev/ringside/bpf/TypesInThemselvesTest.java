package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringside.bpf.BtfBytes.Member;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// No compiler writes such types. They are refused, where following them would never end.
class TypesInThemselvesTest {
  /// `MAX_RESOLVE_DEPTH` of the kernel's `btf.c`.
  private static final int DEEPEST = 32;

  private final BtfBytes btf = new BtfBytes();

  @Test
  void refusesTheSizeOfAnArrayOfItself() {
    int array = btf.array(1, 2);

    refuses(types -> types.sizeOf(array), "type 1 contains itself, or is too deep");
  }

  @Test
  void refusesTheSizeOfAnArrayThatQualifiersLeadBackTo() {
    int array = btf.array(3, 2);
    btf.constant(array);
    btf.alias("again", 2);

    refuses(types -> types.sizeOf(array), "type 1 contains itself, or is too deep");
  }

  @Test
  void refusesTheSizeOfATypedefOfItself() {
    int alias = btf.alias("loop", 1);

    refuses(types -> types.sizeOf(alias), "type 1 stands for itself");
  }

  @Test
  void refusesTheSizeOfAnArrayThatNoMemoryHolds() {
    int row = btf.array(btf.number("int", 4, 0), 0x4000_0000);

    refuses(types -> types.sizeOf(row), "type 2 is too large");
  }

  @Test
  void followsAsDeepAsTheKernelDoes() {
    int deep = btf.number("char", 1, 0);
    for (int i = 0; i < DEEPEST; i++) deep = btf.array(deep, 1);
    int deepest = deep;
    int tooDeep = btf.array(deepest, 1);

    assertThat(types().sizeOf(deepest)).isEqualTo(1);
    assertThat(text(types(), deepest)).isEqualTo("char" + "[1]".repeat(DEEPEST));
    refuses(types -> types.sizeOf(tooDeep), "is too deep in other types");
    refuses(types -> text(types, tooDeep), "is too deep in other types");
  }

  @Test
  void refusesTheTextOfTypesThatLeadBackToThemselves() {
    int constant = btf.constant(1);
    int pointer = btf.pointer(2);
    int array = btf.array(3, 2);
    int hidden = btf.type("", BtfTypes.VOLATILE, 0, 4);

    refuses(types -> text(types, constant), "type 1 contains itself, or is too deep");
    refuses(types -> text(types, pointer), "type 2 contains itself, or is too deep");
    refuses(types -> text(types, array), "type 3 contains itself, or is too deep");
    refuses(types -> text(types, hidden), "type 4 contains itself, or is too deep");
  }

  @Test
  void refusesThePathIntoAStructInItself() {
    int struct = btf.structOf("", 8, new Member("", 1, 0));
    int f = function(btf.pointer(struct));

    refuses(types -> compile(types, f, "a->x"), "type 1 contains itself, or is too deep");
    refuses(types -> compile(types, f, "a.x"), "write a->x", IllegalArgumentException.class);
  }

  @Test
  void refusesToNameTheMembersOfStructsInEachOther() {
    int struct = btf.structOf("outer", 8, new Member("", 2, 0));
    btf.type("", BtfTypes.UNION, 1, 8, 0, struct, 0);
    int f = function(struct);

    refuses(types -> compile(types, f, "a"), "contains itself, or is too deep");
  }

  @Test
  void takesStructsWithoutANameOnceHoweverOftenTheyAreThere() {
    int inner = btf.structOf("", 4, new Member("x", btf.number("int", 4, 0), 0));
    for (int i = 0; i < 16; i++)
      inner = btf.structOf("", 4, new Member("", inner, 0), new Member("", inner, 0));

    assertThat(new ArgumentSteps(types()).members(inner)).containsExactly("x");
  }

  @Test
  void refusesANameWhoseNameIsAName() {
    int qstr = btf.structOf("qstr", 16, new Member("name", 1, 0));
    int f = function(btf.pointer(btf.structOf("dentry", 16, new Member("d_name", qstr, 0))));

    refuses(types -> compile(types, f, "a->d_name"), "type 1 contains itself, or is too deep");
  }

  @Test
  void refusesThePathThroughATypedefOfItself() {
    int alias = btf.alias("loop", 1);
    int struct = btf.structOf("holder", 8, new Member("x", alias, 0));
    int f = function(btf.pointer(struct));

    refuses(types -> compile(types, f, "a->x"), "type 1 stands for itself");
  }

  private int function(int argument) {
    return btf.functionOf("f", 0, new Member("a", argument, 0));
  }

  private static void compile(BtfTypes types, int id, String path) {
    var function = new KernelFunction("f", "", id, 1, KernelFunction.Returned.NOTHING);
    new ArgumentCompiler(types).compile(function, path);
  }

  private static String text(BtfTypes types, int id) {
    return new TypeText(types).of(id);
  }

  private void refuses(Consumer<BtfTypes> what, String message) {
    refuses(what, message, BpfException.class);
  }

  private void refuses(Consumer<BtfTypes> what, String message, Class<?> error) {
    var types = types();

    assertThatThrownBy(() -> what.accept(types)).isInstanceOf(error).hasMessageContaining(message);
  }

  private BtfTypes types() {
    return new BtfTypes(btf.segment(), "a test", "it was read from a test", Optional.empty());
  }
}
