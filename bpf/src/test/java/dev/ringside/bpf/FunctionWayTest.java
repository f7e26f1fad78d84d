package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.bpf.FunctionWay.Kind;
import dev.ringside.bpf.KernelFunction.Returned;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FunctionWayTest {
  @Test
  void watchesAFunctionWithoutTypeByKprobesOnly() {
    var function = new KernelFunction("do_nanosleep", "", 0, 0, Returned.UNKNOWN);

    var ways = Arrays.stream(Kind.values()).filter(k -> k.obstacle(function).isEmpty());

    assertThat(ways).containsExactly(Kind.KPROBE_SESSION, Kind.MULTI, Kind.KPROBE);
  }

  @Test
  void watchesAFunctionOfAModuleByAllButOneLinkForTypesOfTheKernel() {
    var function = new KernelFunction("ovl_open", "overlay", 7, 2, Returned.SIGNED_32);

    var ways = Arrays.stream(Kind.values()).filter(k -> k.obstacle(function).isPresent());

    assertThat(ways).containsExactly(Kind.FSESSION_MULTI);
  }
}
