package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.bpf.ArgumentType.Named;
import dev.ringside.bpf.ArgumentType.Truth;
import dev.ringside.bpf.ArgumentType.Whole;

/// All paths of a few steps through the arguments of functions, whatever their types are. What one
/// leads to has to be something that the kernel's program can read.
record EveryPath(BtfTypes types) {
  private static final int STEPS = 3;

  void follow(KernelFunction function) {
    if (function.typeId() == 0) return;
    int prototype = types.type(function.typeId());
    for (int i = 0; i < types.vlen(prototype); i++) {
      var name = types.text(types.word(prototype, 3 + 2 * i));
      follow(function, name, types.word(prototype, 4 + 2 * i), 0);
    }
  }

  private void follow(KernelFunction function, String path, int type, int steps) {
    new TypeText(types).of(type);
    types.sizeOf(type);
    compile(function, path);
    if (steps == STEPS) return;
    int here = types.underneath(type);
    boolean isPointer = types.kind(here) == BtfTypes.PTR;
    if (types.kind(here) == BtfTypes.ARRAY) {
      compile(function, path + "[999999999]");
      follow(function, path + "[1]", types.word(here, 3), steps + 1);
    }
    int struct = isPointer ? types.underneath(types.type(here)) : here;
    if (!types.hasMembers(struct)) return;
    for (var member : new StructMembers(types).of(struct))
      follow(function, path + (isPointer ? "->" : ".") + member.name(), member.type(), steps + 1);
  }

  private void compile(KernelFunction function, String path) {
    try {
      isReadable(new ArgumentCompiler(types).compile(function, path));
    } catch (IllegalArgumentException e) {
      // says where it leads instead
    }
  }

  /// By `function_arguments.bpf.h`.
  private static void isReadable(FunctionArgument argument) {
    assertThat(argument.word()).isBetween(0, 5);
    assertThat(argument.pointers()).hasSizeLessThanOrEqualTo(8).allMatch(offset -> offset >= 0);
    assertThat(argument.offset()).isNotNegative();
    assertThat(argument.size()).isBetween(1, 127);
    var whole =
        switch (argument.type()) {
          case Whole number -> number;
          case Truth(var number) -> number;
          case Named(var number, var names) -> number;
          default -> new Whole(0, 64, false, false);
        };
    assertThat(whole.bits()).isBetween(1, 64 - whole.firstBit());
  }
}
