package dev.ringside.receivers.elf;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A program or a shared library, in the format ELF, of this machine's processor.
///
/// @param segments what is loaded into memory
/// @param symbols of both tables: those that others can use and, unless the file is stripped, all
/// @param probes those of SystemTap's notes
/// @param isStripped whether it has no names but those that others can use
/// @param isGo whether Go made it
public record ElfFile(
    List<Segment> segments,
    List<Symbol> symbols,
    List<StaticProbe> probes,
    boolean isStripped,
    boolean isGo) {
  private static final int MAGIC = 0x464c457f; // "\177ELF"
  private static final int HEADER_BYTES = 64;
  private static final int SEGMENT_BYTES = 56;
  private static final int SECTION_BYTES = 64;
  private static final int LOAD = 1;
  private static final int EXECUTABLE = 1;
  private static final int PROGRAM = 2;
  private static final int LIBRARY = 3; // and every program since they are position independent
  private static final int MACHINE = System.getProperty("os.arch").equals("amd64") ? 62 : 183;

  /// @throws InvalidFileException when it is no program or library of this machine
  public static ElfFile read(Path path) throws IOException, InvalidFileException {
    try (var file = FileChannel.open(path)) {
      if (file.size() < HEADER_BYTES)
        throw new InvalidFileException("not a program or library (ELF)");
      var header = Bytes.read(file, 0, HEADER_BYTES);
      check(header);
      var sections = sections(file, header);
      var tables = new SymbolTables(file, sections);
      return new ElfFile(
          segments(file, header),
          tables.symbols(),
          ProbeNotes.read(file, sections),
          find(sections, ".symtab").isEmpty(),
          find(sections, ".note.go.buildid").isPresent());
    }
  }

  private static void check(Bytes header) throws InvalidFileException {
    if (header.i32(0) != MAGIC) throw new InvalidFileException("not a program or library (ELF)");
    if (header.u8(4) != 2) throw new InvalidFileException("a 32-bit file");
    if (header.u8(5) != 1 || header.u16(18) != MACHINE)
      throw new InvalidFileException("a file of another processor");
    int type = header.u16(16);
    if (type != PROGRAM && type != LIBRARY)
      throw new InvalidFileException("neither a program nor a shared library");
  }

  private static List<Segment> segments(FileChannel file, Bytes header)
      throws IOException, InvalidFileException {
    int count = header.u16(56);
    if (count == 0) return List.of();
    if (header.u16(54) != SEGMENT_BYTES)
      throw new InvalidFileException("its program headers are of an unknown size");
    var table = Bytes.read(file, header.i64(32), (long) count * SEGMENT_BYTES);
    var segments = new ArrayList<Segment>();
    for (int at = 0; at < table.size(); at += SEGMENT_BYTES) {
      if (table.i32(at) != LOAD) continue;
      boolean executable = (table.i32(at + 4) & EXECUTABLE) != 0;
      segments.add(
          new Segment(executable, table.i64(at + 8), table.i64(at + 16), table.i64(at + 32)));
    }
    return segments;
  }

  private static List<Section> sections(FileChannel file, Bytes header)
      throws IOException, InvalidFileException {
    long offset = header.i64(40);
    if (offset == 0) return List.of();
    if (header.u16(58) != SECTION_BYTES)
      throw new InvalidFileException("its section headers are of an unknown size");
    // Numbers that do not fit the header stand in the first section's.
    var first = Bytes.read(file, offset, SECTION_BYTES);
    long count = header.u16(60) != 0 ? header.u16(60) : first.i64(32);
    int names = header.u16(62) != 0xffff ? header.u16(62) : first.i32(40);
    if (count < 0 || count > Integer.MAX_VALUE / SECTION_BYTES || names < 0 || names >= count)
      throw new InvalidFileException("it has an impossible number of sections");
    var table = Bytes.read(file, offset, count * SECTION_BYTES);
    long name = (long) names * SECTION_BYTES;
    var texts = Bytes.read(file, table.i64(name + 24), table.i64(name + 32));
    var sections = new ArrayList<Section>();
    for (int at = 0; at < table.size(); at += SECTION_BYTES) {
      sections.add(
          new Section(
              texts.text(table.i32(at)),
              table.i32(at + 4),
              table.i64(at + 16),
              table.i64(at + 24),
              table.i64(at + 32),
              table.i32(at + 40)));
    }
    return sections;
  }

  static Optional<Section> find(List<Section> sections, String name) {
    return sections.stream().filter(s -> s.name().equals(name)).findFirst();
  }

  /// Where the file has the instruction at an address; empty when it is in no executable part.
  public OptionalLong instruction(long address) {
    return offset(address, true);
  }

  /// Where the file has the byte at an address; empty when it has none.
  public OptionalLong data(long address) {
    return offset(address, false);
  }

  private OptionalLong offset(long address, boolean executable) {
    return segments.stream()
        .filter(s -> s.holds(address) && (!executable || s.isExecutable()))
        .mapToLong(s -> address - s.address() + s.offset())
        .findFirst();
  }
}
