package dev.ringside.bpf;

import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;

/// Generates a [RecordReader], and for [SinkCode] its inmost part: code that reads field after
/// field and calls the record's constructor, as one would write it by hand.
///
/// Method handles put together from parts do the same, and the C2 compiler makes the same code of
/// them when they are constants. C1, which the agent runs with, does not look into them: they cost
/// it more than three times as much.
final class DecoderCode {
  private static final ClassDesc READER = desc(RecordReader.class);
  private static final ClassDesc TEXT = desc(Text.class);
  private static final MethodTypeDesc READ =
      MethodTypeDesc.of(desc(Record.class), CD_long, CD_long);

  /// Where [#read] finds the struct's address and how many bytes there are.
  static final int BASE_SLOT = 1;

  static final int LENGTH_SLOT = 3;

  /// How a component comes about.
  sealed interface Read {
    /// A number or flag by its Java type, the bytes it has in C, and whether they have a sign.
    record Number(Class<?> type, int bytes, boolean signed, long offset) implements Read {}

    record Chars(long offset, int most) implements Read {}

    record Bytes(long offset) implements Read {}

    record Nested(Class<?> type, List<Read> components) implements Read {}
  }

  private DecoderCode() {}

  /// @param lookup of the record, with private access
  static RecordReader reader(MethodHandles.Lookup lookup, Read.Nested record)
      throws ReflectiveOperationException {
    byte[] code =
        ClassFile.of()
            .build(
                nameBeside(lookup, "Reader"),
                c ->
                    c.withFlags(ClassFile.ACC_FINAL)
                        .withInterfaceSymbols(READER)
                        .withMethodBody(
                            INIT_NAME,
                            ConstantDescs.MTD_void,
                            0,
                            b ->
                                b.aload(0)
                                    .invokespecial(
                                        ConstantDescs.CD_Object, INIT_NAME, ConstantDescs.MTD_void)
                                    .return_())
                        .withMethodBody(
                            "read",
                            READ,
                            ClassFile.ACC_PUBLIC,
                            b -> {
                              bounded(b);
                              read(b, record);
                              b.areturn();
                            }));
    try {
      return (RecordReader) constructor(lookup, code).invoke();
    } catch (Throwable t) {
      throw new AssertionError("a constructor that does nothing", t);
    }
  }

  static ClassDesc nameBeside(MethodHandles.Lookup lookup, String suffix) {
    var name = ClassDesc.ofDescriptor(lookup.lookupClass().descriptorString());
    return ClassDesc.of(name.packageName(), name.displayName() + suffix);
  }

  static MethodHandle constructor(MethodHandles.Lookup lookup, byte[] code, Class<?>... parameters)
      throws ReflectiveOperationException {
    var made = lookup.defineHiddenClass(code, true, MethodHandles.Lookup.ClassOption.NESTMATE);
    return made.findConstructor(made.lookupClass(), MethodType.methodType(void.class, parameters));
  }

  /// Has the address in the slot be one of which C2 knows that it lies within all memory.
  static void bounded(CodeBuilder b) {
    b.lload(BASE_SLOT)
        .invokestatic(READER, "bounded", MethodTypeDesc.of(CD_long, CD_long), true)
        .lstore(BASE_SLOT);
  }

  // No switch, for which the JVM would make a class while somebody waits.
  static void read(CodeBuilder b, Read read) {
    if (read instanceof Read.Number n) {
      number(b, n);
    } else if (read instanceof Read.Chars(long offset, int most)) {
      b.lload(BASE_SLOT)
          .loadConstant(offset)
          .ladd()
          .loadConstant(most)
          .invokestatic(READER, "string", MethodTypeDesc.of(CD_String, CD_long, CD_int), true);
    } else if (read instanceof Read.Bytes(long offset)) {
      b.lload(BASE_SLOT).lload(LENGTH_SLOT);
      get(b, "int64", CD_long, offset);
      b.invokestatic(READER, "text", MethodTypeDesc.of(TEXT, CD_long, CD_long, CD_long), true);
    } else if (read instanceof Read.Nested(var type, var components)) {
      b.new_(desc(type)).dup();
      components.forEach(component -> read(b, component));
      var types =
          java.util.Arrays.stream(type.getRecordComponents()).map(c -> desc(c.getType())).toList();
      b.invokespecial(desc(type), INIT_NAME, MethodTypeDesc.of(CD_void, types));
    }
  }

  private static void number(CodeBuilder b, Read.Number number) {
    long offset = number.offset();
    switch (number.bytes()) {
      case 8 -> get(b, "int64", CD_long, offset);
      case 4 -> get(b, "int32", CD_int, offset);
      case 2 -> get(b, "int16", CD_short, offset);
      default -> get(b, "int8", CD_byte, offset);
    }
    if (number.type() == boolean.class) {
      b.invokestatic(READER, "flag", MethodTypeDesc.of(CD_boolean, CD_int), true);
    } else if (number.type() == long.class && number.bytes() == 4) {
      b.i2l().loadConstant(0xffff_ffffL).land();
    } else if (!number.signed() && number.bytes() < 4) {
      b.loadConstant(number.bytes() == 2 ? 0xffff : 0xff).iand();
    }
  }

  private static void get(CodeBuilder b, String reading, ClassDesc type, long offset) {
    b.lload(BASE_SLOT)
        .loadConstant(offset)
        .ladd()
        .invokestatic(READER, reading, MethodTypeDesc.of(type, CD_long), true);
  }

  static ClassDesc desc(Class<?> type) {
    return ClassDesc.ofDescriptor(type.descriptorString());
  }
}
