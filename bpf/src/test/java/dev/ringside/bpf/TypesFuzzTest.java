package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Any bytes as type information, and any text as what libbpf says: an answer or an error that says
/// so, in bounded time.
class TypesFuzzTest {
  @FuzzTest
  void readsTypeInformation(byte[] bytes) {
    try (var arena = Arena.ofConfined()) {
      // As the loader gives it: memory of its own, aligned.
      var raw = arena.allocate(Math.max(1, bytes.length), 8);
      MemorySegment.copy(MemorySegment.ofArray(bytes), 0, raw, 0, bytes.length);
      var btf = new Btf(raw.asSlice(0, bytes.length));
      btf.rings();
      btf.globals(".rodata");
      for (var ring : btf.rings()) {
        for (var field : btf.carriedBy(ring).fields()) {
          if (field.kind() == BtfTypes.STRUCT) btf.struct(field.id());
        }
      }
      btf.keyOf("m");
    } catch (BpfException | IllegalArgumentException e) {
      // says what is wrong with it
    }
  }

  @FuzzTest
  void readsFunctionsOfAKernel(byte[] bytes) {
    try {
      var raw = MemorySegment.ofArray(bytes);
      var kernel = new FunctionTypes(new BtfTypes(raw, "a kernel", "try again", Optional.empty()));
      var module =
          new FunctionTypes(
              new BtfTypes(raw, "a module", "try again", Optional.of(kernel.types())));
      kernel.names().each().forEachRemaining(name -> kernel.function(name, ""));
      module.names().each().forEachRemaining(name -> module.function(name, "m"));
    } catch (BpfException e) {
      // says what is wrong with it
    }
  }

  @FuzzTest
  void followsArguments(byte[] bytes) {
    try {
      var functions =
          new FunctionTypes(
              new BtfTypes(
                  MemorySegment.ofArray(bytes), "a kernel", "try again", Optional.empty()));
      var paths = new EveryPath(functions.types());
      functions.names().each().forEachRemaining(name -> paths.follow(functions.function(name, "")));
    } catch (BpfException e) {
      // says what is wrong with it
    }
  }

  @FuzzTest
  void readsNamesOfValues(byte[] bytes) {
    try {
      var raw = MemorySegment.ofArray(bytes);
      var types = new BtfTypes(raw, "a kernel", "try again", Optional.empty());
      for (int kind : new int[] {BtfTypes.ENUM, BtfTypes.ENUM64})
        for (int id : types.ofKind(kind)) KernelEnums.values(types, id);
    } catch (BpfException e) {
      // says what is wrong with it
    }
  }

  @FuzzTest
  void readsAddresses(byte[] bytes) throws IOException {
    var addresses = new KernelAddresses(new ByteArrayInputStream(bytes));

    for (long address : new long[] {0, 1, 0xffffffff81000014L, -1}) {
      assertThat(addresses.nameOf(address)).matches("(?s)|.*\\+0x[0-9a-f]+");
    }
  }

  @FuzzTest
  void readsSymbols(byte[] bytes) throws IOException {
    var symbols = new KernelSymbols(new ByteArrayInputStream(bytes));

    symbols.names().each().forEachRemaining(symbols::named);
  }

  @FuzzTest
  void readsWhatLibbpfSays(byte[] bytes) {
    var lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\n");
    var log = new LibbpfLog(List.of(lines));

    log.culprit();
    log.verdict();
  }
}
