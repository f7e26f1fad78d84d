package dev.ringside.receivers.elf;

/// A section header.
///
/// @param type as `SHT_` constants number it
/// @param link the index of another section, whose meaning depends on the type
record Section(String name, int type, long address, long offset, long size, int link) {
  static final int SYMTAB = 2;
  static final int DYNSYM = 11;
  static final int VERSION_DEFINITIONS = 0x6ffffffd;
  static final int VERSIONS = 0x6fffffff;
}
