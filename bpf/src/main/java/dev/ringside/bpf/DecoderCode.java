package dev.ringside.bpf;

import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.util.List;

/// Generates a [RecordReader]: one method that reads field after field and calls the record's
/// constructor, as one would write it by hand.
///
/// Method handles put together from parts do the same, and the C2 compiler makes the same code of
/// them when they are constants. C1, which the agent runs with, does not look into them: they cost
/// it more than three times as much.
final class DecoderCode {
  private static final ClassDesc READER = desc(RecordReader.class);
  private static final ClassDesc MEMORY = desc(MemorySegment.class);
  private static final ClassDesc TEXT = desc(Text.class);
  private static final ClassDesc LAYOUTS = desc(ValueLayout.class);
  private static final MethodTypeDesc READ =
      MethodTypeDesc.of(desc(Record.class), CD_long, CD_long);

  private static final int BASE_SLOT = 1;
  private static final int LENGTH_SLOT = 3;

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
    var name = ClassDesc.ofDescriptor(lookup.lookupClass().descriptorString());
    var self = ClassDesc.of(name.packageName(), name.displayName() + "Reader");
    byte[] code =
        ClassFile.of()
            .build(
                self,
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
                              read(b, record);
                              b.areturn();
                            }));
    var made = lookup.defineHiddenClass(code, true, MethodHandles.Lookup.ClassOption.NESTMATE);
    var constructor =
        made.findConstructor(
            made.lookupClass(), java.lang.invoke.MethodType.methodType(void.class));
    try {
      return (RecordReader) constructor.invoke();
    } catch (Throwable t) {
      throw new AssertionError("a constructor that does nothing", t);
    }
  }

  private static void read(CodeBuilder b, Read read) {
    switch (read) {
      case Read.Number n -> number(b, n);
      case Read.Chars(long offset, int most) -> {
        place(b, offset);
        b.loadConstant(most)
            .invokestatic(READER, "string", MethodTypeDesc.of(CD_String, CD_long, CD_int), true);
      }
      case Read.Bytes(long offset) -> {
        b.lload(BASE_SLOT).lload(LENGTH_SLOT);
        place(b, offset);
        b.invokestatic(READER, "text", MethodTypeDesc.of(TEXT, CD_long, CD_long, CD_long), true);
      }
      case Read.Nested(var type, var components) -> {
        b.new_(desc(type)).dup();
        components.forEach(component -> read(b, component));
        var types =
            java.util.Arrays.stream(type.getRecordComponents())
                .map(c -> desc(c.getType()))
                .toList();
        b.invokespecial(desc(type), INIT_NAME, MethodTypeDesc.of(CD_void, types));
      }
    }
  }

  private static void number(CodeBuilder b, Read.Number number) {
    b.getstatic(READER, "MEMORY", MEMORY);
    switch (number.bytes()) {
      case 8 -> get(b, "JAVA_LONG_UNALIGNED", ValueLayout.OfLong.class, CD_long, number);
      case 4 -> get(b, "JAVA_INT_UNALIGNED", ValueLayout.OfInt.class, CD_int, number);
      case 2 ->
          get(b, "JAVA_SHORT_UNALIGNED", ValueLayout.OfShort.class, ConstantDescs.CD_short, number);
      default -> get(b, "JAVA_BYTE", ValueLayout.OfByte.class, ConstantDescs.CD_byte, number);
    }
    if (number.type() == boolean.class) {
      b.invokestatic(READER, "flag", MethodTypeDesc.of(CD_boolean, CD_int), true);
    } else if (number.type() == long.class && number.bytes() == 4) {
      b.i2l().loadConstant(0xffff_ffffL).land();
    } else if (!number.signed() && number.bytes() < 4) {
      b.loadConstant(number.bytes() == 2 ? 0xffff : 0xff).iand();
    }
  }

  private static void get(
      CodeBuilder b, String layout, Class<?> layoutType, ClassDesc type, Read.Number number) {
    b.getstatic(LAYOUTS, layout, desc(layoutType));
    place(b, number.offset());
    b.invokeinterface(MEMORY, "get", MethodTypeDesc.of(type, desc(layoutType), CD_long));
  }

  private static void place(CodeBuilder b, long offset) {
    b.lload(BASE_SLOT);
    if (offset != 0) b.loadConstant(offset).ladd();
  }

  private static ClassDesc desc(Class<?> type) {
    return ClassDesc.ofDescriptor(type.descriptorString());
  }
}
