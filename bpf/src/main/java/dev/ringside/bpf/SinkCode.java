package dev.ringside.bpf;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.function.Consumer;

/// Generates a [RecordSink], one for each ring, as one would write it by hand:
///
/// ```java
/// public void take(long base, long until, long limit) {
///   long length = -1, step = 0;
///   int n = 0;
///   try {
///     while (base < until) {
///       long header = header(base);
///       if (header != length) {
///         if (!isComplete(header)) break;
///         check(header, SIZE);
///         length = header;
///         step = step(header);
///       }
///       if (base + step > limit) break;
///       base = bounded(base);
///       handler.accept(new Event(int64(base + 0), int32(base + 8), …));
///       base += step;
///       n++;
///     }
///   } finally {
///     this.taken = n;
///     this.next = base;
///   }
/// }
/// ```
///
/// Most events are as long as the one before. Who counts on it knows where the next one is before
/// this one's header has come out of memory, and the processor needs not wait for one after the
/// other: that takes longer than all else.
///
/// The loop's condition stands before its body: C2 makes a copy of a loop's first block, which
/// would be all of it else. It looks at up to about thirty fields before it gives up and calls the
/// handler.
///
/// That there is a loop for each ring has C2 compile it for this record and this handler, whatever
/// other rings there are; C1 has fewer calls to make.
final class SinkCode {
  private static final ClassDesc READER = DecoderCode.desc(RecordReader.class);
  private static final ClassDesc SINK = DecoderCode.desc(RecordSink.class);
  private static final ClassDesc HANDLER = DecoderCode.desc(Consumer.class);
  private static final MethodTypeDesc ACCEPT = MethodTypeDesc.of(CD_void, ConstantDescs.CD_Object);

  private static final int BASE_SLOT = DecoderCode.BASE_SLOT;
  private static final int LENGTH_SLOT = DecoderCode.LENGTH_SLOT;
  private static final int UNTIL_SLOT = 5;
  private static final int LIMIT_SLOT = 7;
  private static final int STEP_SLOT = 9;
  private static final int HEADER_SLOT = 11;
  private static final int COUNT_SLOT = 13;
  private static final int HANDLER_SLOT = 14;

  private SinkCode() {}

  /// @param lookup of the record, with private access
  /// @param size bytes that the struct has before its texts
  static RecordSink sink(
      MethodHandles.Lookup lookup, DecoderCode.Read.Nested record, long size, Consumer<?> handler)
      throws ReflectiveOperationException {
    var self = DecoderCode.nameBeside(lookup, "Sink");
    byte[] code = ClassFile.of().build(self, c -> write(c, self, record, size));
    try {
      return (RecordSink) DecoderCode.constructor(lookup, code, Consumer.class).invoke(handler);
    } catch (Throwable t) {
      throw new AssertionError("a constructor that only keeps the handler", t);
    }
  }

  private static void write(
      ClassBuilder c, ClassDesc self, DecoderCode.Read.Nested record, long size) {
    c.withFlags(ClassFile.ACC_FINAL)
        .withInterfaceSymbols(SINK)
        .withField("handler", HANDLER, ClassFile.ACC_FINAL)
        .withField("taken", CD_int, 0)
        .withField("next", CD_long, 0)
        .withMethodBody(
            INIT_NAME,
            MethodTypeDesc.of(CD_void, HANDLER),
            0,
            b ->
                b.aload(0)
                    .invokespecial(ConstantDescs.CD_Object, INIT_NAME, ConstantDescs.MTD_void)
                    .aload(0)
                    .aload(1)
                    .putfield(self, "handler", HANDLER)
                    .return_())
        .withMethodBody(
            "taken",
            MethodTypeDesc.of(CD_int),
            ClassFile.ACC_PUBLIC,
            b -> b.aload(0).getfield(self, "taken", CD_int).ireturn())
        .withMethodBody(
            "next",
            MethodTypeDesc.of(CD_long),
            ClassFile.ACC_PUBLIC,
            b -> b.aload(0).getfield(self, "next", CD_long).lreturn())
        .withMethodBody(
            "take",
            MethodTypeDesc.of(CD_void, CD_long, CD_long, CD_long),
            ClassFile.ACC_PUBLIC,
            b -> {
              begin(b, self);
              b.trying(
                  t -> loop(t, record, size), c2 -> c2.catchingAll(f -> leave(f, self).athrow()));
              leave(b, self).return_();
            });
  }

  /// The parameters to where [DecoderCode] finds the base and the length.
  private static void begin(CodeBuilder b, ClassDesc self) {
    b.lload(5).lstore(LIMIT_SLOT).lload(3).lstore(UNTIL_SLOT);
    b.loadConstant(-1L).lstore(LENGTH_SLOT);
    b.lconst_0().lstore(STEP_SLOT);
    b.iconst_0().istore(COUNT_SLOT);
    b.aload(0).getfield(self, "handler", HANDLER).astore(HANDLER_SLOT);
  }

  private static void loop(CodeBuilder b, DecoderCode.Read.Nested record, long size) {
    var next = b.newBoundLabel();
    var alike = b.newLabel();
    var end = b.newLabel();
    b.lload(BASE_SLOT).lload(UNTIL_SLOT).lcmp().ifge(end);
    b.lload(BASE_SLOT)
        .invokestatic(READER, "header", MethodTypeDesc.of(CD_long, CD_long), true)
        .lstore(HEADER_SLOT);
    b.lload(HEADER_SLOT).lload(LENGTH_SLOT).lcmp().ifeq(alike);
    b.lload(HEADER_SLOT)
        .invokestatic(READER, "isComplete", MethodTypeDesc.of(CD_boolean, CD_long), true)
        .ifeq(end);
    b.lload(HEADER_SLOT)
        .loadConstant(size)
        .invokestatic(READER, "check", MethodTypeDesc.of(CD_void, CD_long, CD_long), true);
    b.lload(HEADER_SLOT).lstore(LENGTH_SLOT);
    b.lload(HEADER_SLOT)
        .invokestatic(READER, "step", MethodTypeDesc.of(CD_long, CD_long), true)
        .lstore(STEP_SLOT);
    b.labelBinding(alike);
    b.lload(BASE_SLOT).lload(STEP_SLOT).ladd().lload(LIMIT_SLOT).lcmp().ifgt(end);
    DecoderCode.bounded(b);
    b.aload(HANDLER_SLOT);
    DecoderCode.read(b, record);
    b.invokeinterface(HANDLER, "accept", ACCEPT);
    b.lload(BASE_SLOT).lload(STEP_SLOT).ladd().lstore(BASE_SLOT);
    b.iinc(COUNT_SLOT, 1).goto_(next);
    b.labelBinding(end);
  }

  /// Leaves the exception on the stack, where there is one.
  private static CodeBuilder leave(CodeBuilder b, ClassDesc self) {
    return b.aload(0)
        .iload(COUNT_SLOT)
        .putfield(self, "taken", CD_int)
        .aload(0)
        .lload(BASE_SLOT)
        .putfield(self, "next", CD_long);
  }
}
