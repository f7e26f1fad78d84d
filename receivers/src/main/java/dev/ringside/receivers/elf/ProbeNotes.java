package dev.ringside.receivers.elf;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/// Static probes: notes in the section `.note.stapsdt`, one for each place. See "User Space Probe
/// Implementation" of SystemTap.
final class ProbeNotes {
  private static final int HEADER_BYTES = 12;
  private static final int TYPE = 3;
  private static final String OWNER = "stapsdt";
  private static final int ADDRESSES_BYTES = 24;

  private ProbeNotes() {}

  static List<StaticProbe> read(FileChannel file, List<Section> sections)
      throws IOException, InvalidFileException {
    var found = ElfFile.find(sections, ".note.stapsdt");
    if (found.isEmpty()) return List.of();
    var notes = Bytes.read(file, found.get().offset(), found.get().size());
    var base = ElfFile.find(sections, ".stapsdt.base");
    var probes = new ArrayList<StaticProbe>();
    long at = 0;
    while (at + HEADER_BYTES <= notes.size()) {
      int nameBytes = notes.i32(at);
      int descriptionBytes = notes.i32(at + 4);
      if (nameBytes < 0 || descriptionBytes < 0)
        throw new InvalidFileException("a note of a static probe is too long");
      long name = at + HEADER_BYTES;
      long description = name + aligned(nameBytes);
      if (notes.i32(at + 8) == TYPE && notes.text(name).equals(OWNER))
        probes.add(probe(notes, description, base.map(Section::address).orElse(0L)));
      at = description + aligned(descriptionBytes);
    }
    return probes;
  }

  /// Three addresses, and the names of provider and probe. Whoever moved the file's sections
  /// afterwards (prelink) did not know of the addresses, but the section that the second one is of
  /// moved with the others.
  private static StaticProbe probe(Bytes notes, long at, long base) throws InvalidFileException {
    long moved = base == 0 ? 0 : base - notes.i64(at + 8);
    long semaphore = notes.i64(at + 16);
    var provider = notes.text(at + ADDRESSES_BYTES);
    var name = notes.text(at + ADDRESSES_BYTES + provider.getBytes().length + 1);
    return new StaticProbe(
        provider, name, notes.i64(at) + moved, semaphore == 0 ? 0 : semaphore + moved);
  }

  private static long aligned(int bytes) {
    return (bytes + 3L) & ~3L;
  }
}
