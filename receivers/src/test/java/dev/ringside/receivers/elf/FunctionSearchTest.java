package dev.ringside.receivers.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.bpf.UserFunction;
import dev.ringside.receivers.TestPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// In this machine's C library, and in a program of our own.
class FunctionSearchTest {
  @TempDir Path directory;

  private final FunctionSearch search = new FunctionSearch(new SharedLibraries(Path.of("/")));
  private String program;

  @BeforeEach
  void compile() throws Exception {
    program = TestPrograms.functions();
  }

  @Test
  void findsAFunctionOfALibraryByTheLibrarysNameAlone() {
    var usleep = found("libc:usleep").getFirst();

    assertThat(usleep.name()).isEqualTo("usleep");
    assertThat(usleep.file()).endsWith("/libc.so.6");
    assertThat(usleep.begins()).hasSize(1);
    assertThat(usleep.ends()).isEmpty();
  }

  @Test
  void findsAllVersionsOfAFunctionOrOne() {
    var all = found("libc:pthread_cond_wait");
    var one = found("libc:pthread_cond_wait@GLIBC_2.3.2");

    assertThat(all).hasSizeGreaterThan(1).allMatch(f -> f.name().equals("pthread_cond_wait"));
    assertThat(one).hasSize(1);
    assertThat(all).contains(one.getFirst());
  }

  @Test
  void findsEachAddressOnceByItsBestName() {
    var all = found("libc:*nanosleep");

    assertThat(all).extracting(UserFunction::name).contains("nanosleep", "clock_nanosleep");
    assertThat(all).extracting(f -> f.begins().getFirst().offset()).doesNotHaveDuplicates();
  }

  @Test
  void findsFunctionsThatOnlyTheProgramItselfCanCall() {
    assertThat(found(program + ":work")).hasSizeLessThanOrEqualTo(1);
    assertThat(found(program + ":nap*"))
        .extracting(UserFunction::name)
        .containsExactlyInAnyOrder("nap", "naps", "nap_longer");
  }

  @Test
  void findsPairsOfStaticProbes() {
    var pair = found(program + ":functions:work").getFirst();

    assertThat(pair.name()).isEqualTo("functions:work");
    assertThat(pair.begins()).isNotEmpty().allMatch(p -> p.semaphore() == 0);
    assertThat(pair.ends()).isNotEmpty();
    assertThat(found(program + ":functions:work__begin")).containsExactly(pair);
    assertThat(found(program + ":functions:*"))
        .extracting(UserFunction::name)
        .containsExactlyInAnyOrder("functions:work", "functions:guarded");
  }

  @Test
  void findsTheSemaphoreOfAStaticProbe() throws IOException {
    var pair = found(program + ":functions:guarded").getFirst();

    long semaphore = pair.begins().getFirst().semaphore();
    assertThat(semaphore).isPositive().isLessThan(Files.size(Path.of(program)));
  }

  @Test
  void takesAFunctionThatIsAskedForTwiceOnce() {
    assertThat(search.find(List.of("libc:usleep", "libc.so.6:usleep")).functions()).hasSize(1);
  }

  @Test
  void saysWhatMayHaveBeenMeant() {
    assertThat(reason("libc:getadrinfo"))
        .contains("has no such function")
        .contains("it is stripped")
        .contains("did you mean getaddrinfo?");
    assertThat(reason(program + ":knap")).contains("did you mean nap");
    assertThat(reason(program + ":functions:wrk__begin")).contains("did you mean work__begin");
    assertThat(reason("libcc:usleep"))
        .contains("no such library")
        .containsPattern("did you mean .*libc\\b");
  }

  @Test
  void saysWhatIsNoFunctionOfThisFile() {
    assertThat(reason("libc:environ")).isEqualTo("not a function");
    assertThat(reason(program + ":usleep")).contains("another library has it");
    assertThat(reason("libc:memcpy@GLIBC_9")).contains("no such version");
  }

  @Test
  void refusesWhatOnlyPicksAFunction() {
    assertThat(reason("libc:strlen")).contains("an IFUNC");
  }

  @Test
  void refusesWhatWouldCrashTheProgram() {
    assertThat(reason("libc:_setjmp")).contains("the program would crash");
    assertThat(reason(program + ":_start")).contains("it is not called");
    assertThat(found(program + ":_*")).extracting(UserFunction::name).doesNotContain("_start");
  }

  @Test
  void refusesAStaticProbeByItself() {
    assertThat(reason(program + ":functions:worked")).contains("there have to be two");
    assertThat(reason(program + ":nobody:x")).contains("it has functions");
    assertThat(reason("libc:nobody:x")).isNotEmpty();
  }

  @Test
  void saysWhatIsNoProgram() throws IOException {
    var text = Files.writeString(directory.resolve("text"), "#!/bin/sh\n" + "x".repeat(100));

    assertThat(reason(text + ":main")).contains("not a program or library");
    assertThat(reason(directory + ":main")).isEqualTo("not a file");
    assertThat(reason(directory + "/nosuch:main")).isEqualTo("no such file");
  }

  private List<UserFunction> found(String name) {
    return search.find(List.of(name)).functions();
  }

  private String reason(String name) {
    var result = search.find(List.of(name));
    assertThat(result.functions()).isEmpty();
    return result.missing().get(name);
  }
}
