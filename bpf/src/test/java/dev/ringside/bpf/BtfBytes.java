package dev.ringside.bpf;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Writes BTF by hand. Each type that is added answers its number.
final class BtfBytes {
  private static final int WITH_BIT_FIELDS = 0x80;

  private final List<Integer> words = new ArrayList<>();
  private final ByteArrayOutputStream texts = new ByteArrayOutputStream();
  private final int firstText;
  private int next;

  BtfBytes() {
    this(1, 0);
    texts.write(0);
  }

  /// One that is split from another, and so goes on where that one ends.
  BtfBytes(BtfBytes base) {
    this(base.next, base.firstText + base.texts.size());
  }

  private BtfBytes(int next, int firstText) {
    this.next = next;
    this.firstText = firstText;
  }

  int number(String name, int size, int encoding) {
    return type(name, BtfTypes.INT, 0, size, encoding << 24 | size * 8);
  }

  int pointer(int to) {
    return type("", BtfTypes.PTR, 0, to);
  }

  int alias(String name, int of) {
    return type(name, BtfTypes.TYPEDEF, 0, of);
  }

  int constant(int of) {
    return type("", BtfTypes.CONST, 0, of);
  }

  int struct(String name, int size) {
    return type(name, BtfTypes.STRUCT, 0, size);
  }

  /// @param bit where it is
  /// @param bits how many a bit field has, else 0
  record Member(String name, int type, int bit, int bits) {
    Member(String name, int type, int bit) {
      this(name, type, bit, 0);
    }
  }

  /// A struct that says of each member where it is, and of bit fields how many bits they have.
  int structOf(String name, int size, Member... members) {
    var words = new int[3 * members.length];
    for (int i = 0; i < members.length; i++) {
      words[3 * i] = members[i].name().isEmpty() ? 0 : text(members[i].name());
      words[3 * i + 1] = members[i].type();
      words[3 * i + 2] = members[i].bits() << 24 | members[i].bit();
    }
    return type(name, WITH_BIT_FIELDS | BtfTypes.STRUCT, members.length, size, words);
  }

  int array(int of, int count) {
    return type("", BtfTypes.ARRAY, 0, 0, of, of, count);
  }

  /// An enum with names for 0, 1, 2 and so on.
  int names(String name, String... values) {
    var pairs = new int[2 * values.length];
    for (int i = 0; i < values.length; i++) {
      pairs[2 * i] = text(values[i]);
      pairs[2 * i + 1] = i;
    }
    return type(name, BtfTypes.ENUM, values.length, 4, pairs);
  }

  /// A function whose arguments have names.
  int functionOf(String name, int returned, Member... arguments) {
    var pairs = new int[2 * arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      pairs[2 * i] = text(arguments[i].name());
      pairs[2 * i + 1] = arguments[i].type();
    }
    int prototype = type("", BtfTypes.FUNC_PROTO, arguments.length, returned, pairs);
    return type(name, BtfTypes.FUNC, 0, prototype);
  }

  int enumeration(String name, int... values) {
    var pairs = new int[2 * values.length];
    for (int i = 0; i < values.length; i++) pairs[2 * i + 1] = values[i];
    return type(name, BtfTypes.ENUM, values.length, 4, pairs);
  }

  int function(String name, int returned, int... arguments) {
    var pairs = new int[2 * arguments.length];
    for (int i = 0; i < arguments.length; i++) pairs[2 * i + 1] = arguments[i];
    int prototype = type("", BtfTypes.FUNC_PROTO, arguments.length, returned, pairs);
    return type(name, BtfTypes.FUNC, 0, prototype);
  }

  int type(String name, int kind, int vlen, int sizeOrType, int... more) {
    words.add(name.isEmpty() ? 0 : text(name));
    words.add(kind << 24 | vlen);
    words.add(sizeOrType);
    for (int word : more) words.add(word);
    return next++;
  }

  private int text(String name) {
    int at = firstText + texts.size();
    texts.writeBytes(name.getBytes(StandardCharsets.UTF_8));
    texts.write(0);
    return at;
  }

  byte[] bytes() {
    int types = words.size() * 4;
    var bytes = ByteBuffer.allocate(24 + types + texts.size()).order(ByteOrder.nativeOrder());
    bytes.putInt(0x1eb9f).putInt(24).putInt(0).putInt(types).putInt(types).putInt(texts.size());
    words.forEach(bytes::putInt);
    return bytes.put(texts.toByteArray()).array();
  }

  MemorySegment segment() {
    return MemorySegment.ofArray(bytes());
  }
}
