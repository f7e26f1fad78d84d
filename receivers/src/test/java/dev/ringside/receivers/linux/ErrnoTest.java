package dev.ringside.receivers.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrnoTest {

  @ParameterizedTest
  @CsvSource({
    "1,EPERM",
    "2,ENOENT",
    "11,EAGAIN",
    "13,EACCES",
    "34,ERANGE",
    "40,ELOOP",
    "42,ENOMSG",
    "57,EBADSLT",
    "59,EBFONT",
    "61,ENODATA",
    "75,EOVERFLOW",
    "90,EMSGSIZE",
    "97,EAFNOSUPPORT",
    "100,ENETDOWN",
    "110,ETIMEDOUT",
    "111,ECONNREFUSED",
    "121,EREMOTEIO",
    "130,EOWNERDEAD",
    "133,EHWPOISON",
    "512,ERESTARTSYS",
    "519,ENOPARAM"
  })
  void namesAnErrno(int errno, String name) {
    assertThat(Errno.name(errno)).isEqualTo(name);
  }

  @Test
  void knowsAllThatProgramsCanSee() {
    var names = IntStream.rangeClosed(1, 133).mapToObj(Errno::name).filter(Objects::nonNull);

    assertThat(names).hasSize(131).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({"0", "-2", "41", "58", "134", "511", "520", "4095"})
  void hasNoNameForWhatLinuxDoesNotUse(int errno) {
    assertThat(Errno.name(errno)).isNull();
  }

  @Test
  void errorTypeIsUnsetForSuccessAndOtherForTheUnknown() {
    assertThat(Errno.errorType(0)).isNull();
    assertThat(Errno.errorType(2)).isEqualTo("ENOENT");
    assertThat(Errno.errorType(4000)).isEqualTo("_OTHER");
  }
}
