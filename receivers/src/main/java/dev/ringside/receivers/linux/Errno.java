package dev.ringside.receivers.linux;

/// Symbolic names of errno values, as errno(3) has them and `asm-generic/errno.h` numbers them.
/// x86-64 and aarch64 share those numbers.
public final class Errno {
  // In the order of their numbers, from 1. 41 and 58 are second names on other architectures.
  private static final String[] NAMES =
      """
      EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD
      EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR
      EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS
      EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP
      - ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI
      EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT - EBFONT ENOSTR
      ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE ENOLINK EADV ESRMNT ECOMM
      EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD
      ELIBSCN ELIBMAX ELIBEXEC EILSEQ ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE
      EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT
      EADDRINUSE EADDRNOTAVAIL ENETDOWN
      ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN
      ETOOMANYREFS ETIMEDOUT
      ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL EISNAM
      EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED
      EOWNERDEAD
      ENOTRECOVERABLE ERFKILL EHWPOISON
      """
          .strip()
          .split("\\s+");

  // Codes of include/linux/errno.h, from 512. A program never sees them, but a hook on a kernel
  // function does: the call is begun again, or becomes EINTR, on the way out.
  private static final String[] INTERNAL =
      """
      ERESTARTSYS ERESTARTNOINTR ERESTARTNOHAND ENOIOCTLCMD ERESTART_RESTARTBLOCK EPROBE_DEFER
      EOPENSTALE ENOPARAM
      """
          .strip()
          .split("\\s+");

  private Errno() {}

  /// The name of a positive errno, `ENOENT` for 2; null when Linux has none by that number.
  public static String name(int errno) {
    if (errno >= 512) return errno - 512 < INTERNAL.length ? INTERNAL[errno - 512] : null;
    if (errno < 1 || errno > NAMES.length) return null;
    String name = NAMES[errno - 1];
    return name.equals("-") ? null : name;
  }

  /// The value of `error.type` for an errno: its name, null for success (0), and `_OTHER` for a
  /// number without a name.
  public static String errorType(int errno) {
    if (errno == 0) return null;
    String name = name(errno);
    return name == null ? "_OTHER" : name;
  }
}
