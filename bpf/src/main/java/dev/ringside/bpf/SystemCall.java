package dev.ringside.bpf;

/// System calls by the numbers that x86-64 and aarch64 have for them (asm/unistd.h of each).
///
/// The listed ones are those that are refused once receivers are attached ([SystemCallFilter]), and
/// those that the C library has no function for.
enum SystemCall {
  // Becoming another program.
  EXECVE(59, 221),
  EXECVEAT(322, 281),

  // Looking into other processes.
  PTRACE(101, 117),
  PROCESS_VM_READV(310, 270),
  PROCESS_VM_WRITEV(311, 271),
  PIDFD_GETFD(438, 438),
  KCMP(312, 272),

  // Changing or tracing the kernel. BPF's reading of maps is let through.
  BPF(321, 280),
  PERF_EVENT_OPEN(298, 241),
  INIT_MODULE(175, 105),
  FINIT_MODULE(313, 273),
  DELETE_MODULE(176, 106),
  KEXEC_LOAD(246, 104),
  KEXEC_FILE_LOAD(320, 294),
  REBOOT(169, 142),
  SYSLOG(103, 116),
  IOPL(172, -1),
  IOPERM(173, -1),

  // Ways into the kernel that nobody here goes, and that had many holes.
  USERFAULTFD(323, 282),
  IO_URING_SETUP(425, 425),
  IO_URING_REGISTER(427, 427),
  ADD_KEY(248, 217),
  REQUEST_KEY(249, 218),
  KEYCTL(250, 219),

  // Getting rights back.
  SETUID(105, 146),
  SETGID(106, 144),
  SETREUID(113, 145),
  SETREGID(114, 143),
  SETRESUID(117, 147),
  SETRESGID(119, 149),
  SETFSUID(122, 151),
  SETFSGID(123, 152),
  SETGROUPS(116, 159),
  CAPSET(126, 91),

  // Another view of the machine.
  MOUNT(165, 40),
  UMOUNT2(166, 39),
  PIVOT_ROOT(155, 41),
  CHROOT(161, 51),
  SETNS(308, 268),
  UNSHARE(272, 97),
  OPEN_TREE(428, 428),
  MOVE_MOUNT(429, 429),
  FSOPEN(430, 430),
  FSMOUNT(432, 432),
  FSPICK(433, 433),
  MOUNT_SETATTR(442, 442),
  OPEN_BY_HANDLE_AT(304, 265),
  MKNOD(133, -1),
  MKNODAT(259, 33),
  SWAPON(167, 224),
  SWAPOFF(168, 225),
  QUOTACTL(179, 60),
  ACCT(163, 89),

  // The host's clock and name.
  SETTIMEOFDAY(164, 170),
  CLOCK_SETTIME(227, 112),
  SETHOSTNAME(170, 161),
  SETDOMAINNAME(171, 162),

  // Serving others.
  LISTEN(50, 201),

  // The way to refuse all these.
  SECCOMP(317, 277);

  private final int x86;
  private final int arm;

  SystemCall(int x86, int arm) {
    this.x86 = x86;
    this.arm = arm;
  }

  /// @return -1 where there is no such call
  int number(boolean isX86) {
    return isX86 ? x86 : arm;
  }
}
