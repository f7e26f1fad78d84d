/// Where the functions of programs and shared libraries are: [ElfFile] reads their symbols and
/// static probes, [SharedLibraries] finds a library as the dynamic loader would.
///
/// Files are read and never mapped, since they may change meanwhile, and whatever they hold may be
/// wrong: each number is checked before it is used. From the System V ABI (gabi), the symbol
/// versions of the Linux Standard Base, and SystemTap's description of its notes.
package dev.ringside.receivers.elf;
