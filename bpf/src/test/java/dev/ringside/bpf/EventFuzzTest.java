package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Any bytes as an event: a record or a refusal comes out, and nothing from outside the event.
class EventFuzzTest {
  private static final Decoder<DecoderTest.Kinds> DECODER = decoder();

  private static Decoder<DecoderTest.Kinds> decoder() {
    try (var object = new LoadedObject("kinds", TestObjects.image("kinds"))) {
      var btf = object.btf(Arena.ofAuto());
      return Decoder.of(DecoderTest.Kinds.class, btf.carriedBy("kinds"), btf);
    }
  }

  @FuzzTest
  void decodes(byte[] event) {
    // Longer than the event, so that what lies behind it could be read by mistake.
    DecoderTest.Kinds kinds;
    try (var arena = Arena.ofConfined()) {
      var memory = arena.allocate(event.length + 65_536 + 4096);
      memory.copyFrom(MemorySegment.ofArray(event));
      memory.asSlice(event.length).fill((byte) 0x5a);
      kinds = DECODER.decode(memory.address(), event.length);
    } catch (IndexOutOfBoundsException e) {
      return;
    }

    for (var text : new Text[] {kinds.text(), kinds.second()}) {
      assertThat(text.bytes().length).isLessThanOrEqualTo(event.length);
      text.split();
    }
  }

  @FuzzTest
  void splitsTextsWithoutLosingAByte(byte[] bytes) {
    var text = new Text(bytes, false);
    if (bytes.length == 0) return; // no parts

    var parts = text.split();

    // What is no UTF-8 is written as \xHH; read back, every byte is there again.
    var back = new java.io.ByteArrayOutputStream();
    for (var part : parts) {
      back.writeBytes(Escapes.undo(part, bytes, back.size()));
      back.write(0);
    }
    int length = back.size() - (bytes[bytes.length - 1] == 0 ? 0 : 1);
    assertThat(java.util.Arrays.copyOf(back.toByteArray(), length)).isEqualTo(bytes);
    assertThat(parts.getFirst()).isEqualTo(text.toString());
  }

  /// Reads `\xHH` back where the original has no backslash at that place.
  private static final class Escapes {
    static byte[] undo(String shown, byte[] original, int from) {
      var bytes = new java.io.ByteArrayOutputStream();
      for (int i = 0; i < shown.length(); ) {
        int at = from + bytes.size();
        int c = shown.codePointAt(i);
        if (c == '\\' && original[at] != '\\') {
          bytes.write(Integer.parseInt(shown, i + 2, i + 4, 16));
          i += 4;
        } else {
          bytes.writeBytes(Character.toString(c).getBytes(java.nio.charset.StandardCharsets.UTF_8));
          i += Character.charCount(c);
        }
      }
      return bytes.toByteArray();
    }
  }
}
