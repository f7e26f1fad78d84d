package dev.ringside.receivers.elf;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// The symbols of a file: `.symtab`, which may be stripped, and `.dynsym`, which is needed to run.
record SymbolTables(FileChannel file, List<Section> sections) {
  private static final int SYMBOL_BYTES = 24;
  private static final int NO_TYPE = 0;
  private static final int OBJECT = 1;
  private static final int FUNCTION = 2;
  private static final int THREAD_LOCAL = 6;
  private static final int PICKER = 10; // STT_GNU_IFUNC

  /// Each once; a symbol of both tables has a version in one of them.
  List<Symbol> symbols() throws IOException, InvalidFileException {
    var versions = versions();
    var symbols = new LinkedHashSet<Symbol>();
    for (var section : sections) {
      if (section.type() == Section.DYNSYM) symbols.addAll(read(section, versions));
    }
    for (var section : sections) {
      if (section.type() == Section.SYMTAB) symbols.addAll(read(section, Map.of()));
    }
    return new ArrayList<>(symbols);
  }

  /// @param versions by the symbol's index
  private List<Symbol> read(Section section, Map<Integer, String> versions)
      throws IOException, InvalidFileException {
    var table = Bytes.read(file, section.offset(), section.size());
    var names = linked(section);
    var symbols = new ArrayList<Symbol>();
    for (int at = 0; at + SYMBOL_BYTES <= table.size(); at += SYMBOL_BYTES) {
      var kind = kind(table.u8(at + 4) & 0xf, table.u16(at + 6));
      if (kind == null) continue;
      var name = names.text(table.i32(at));
      // The linker writes versions behind names where it has no other place for them.
      int version = name.indexOf('@');
      if (name.isEmpty() || version == 0) continue;
      symbols.add(
          new Symbol(
              version < 0 ? name : name.substring(0, version),
              version < 0
                  ? versions.getOrDefault(at / SYMBOL_BYTES, "")
                  : name.substring(version).replace("@", ""),
              kind,
              table.i64(at + 8)));
    }
    return symbols;
  }

  /// Null for what nobody asks for: sections, names of source files.
  private static Symbol.Kind kind(int type, int section) {
    return switch (type) {
      case FUNCTION -> section == 0 ? Symbol.Kind.ELSEWHERE : Symbol.Kind.FUNCTION;
      case PICKER -> Symbol.Kind.PICKER;
      case NO_TYPE -> section == 0 ? Symbol.Kind.ELSEWHERE : null;
      case OBJECT, THREAD_LOCAL -> Symbol.Kind.OTHER;
      default -> null;
    };
  }

  private Bytes linked(Section section) throws IOException, InvalidFileException {
    if (section.link() < 0 || section.link() >= sections.size())
      throw new InvalidFileException("a table of names is missing");
    var names = sections.get(section.link());
    return Bytes.read(file, names.offset(), names.size());
  }

  /// The versions of `.dynsym`'s symbols that this file defines.
  private Map<Integer, String> versions() throws IOException, InvalidFileException {
    var names = versionNames();
    var versions = new HashMap<Integer, String>();
    for (var section : sections) {
      if (section.type() != Section.VERSIONS) continue;
      var table = Bytes.read(file, section.offset(), section.size());
      for (int at = 0; at + 2 <= table.size(); at += 2) {
        var name =
            names.get(table.u16(at) & 0x7fff); // without the mark of those that are not default
        if (name != null) versions.put(at / 2, name);
      }
    }
    return versions;
  }

  private Map<Integer, String> versionNames() throws IOException, InvalidFileException {
    var all = new HashMap<Integer, String>();
    for (var section : sections) {
      if (section.type() != Section.VERSION_DEFINITIONS) continue;
      var table = Bytes.read(file, section.offset(), section.size());
      var names = linked(section);
      // struct Elf64_Verdef: version, flags, index, count; hash, auxiliary, next.
      long at = 0;
      for (int n = 0; n < table.size() / 20; n++) {
        boolean isFile = (table.u16(at + 2) & 1) != 0; // the file's own name, not a version's
        long auxiliary = at + table.i32(at + 12);
        if (!isFile) all.put(table.u16(at + 4), names.text(table.i32(auxiliary)));
        long next = table.i32(at + 16);
        if (next <= 0) break;
        at += next;
      }
    }
    return all;
  }
}
