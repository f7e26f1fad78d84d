package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FunctionListsTest {
  @Test
  void hasThePresetsThatPeopleUnderstand() {
    var presets = FunctionLists.presets();

    assertThat(presets).containsOnlyKeys("vfs", "ext4", "block", "tcp", "locks", "scheduler");
    assertThat(presets.get("vfs")).startsWith("vfs_read").doesNotHaveDuplicates();
  }

  @Test
  void keepsPresetsFreeOfDangers() {
    var dangers = Dangers.known();

    var members = FunctionLists.presets().values().stream().flatMap(List::stream);

    assertThat(members).allSatisfy(m -> assertThat(dangers.of(m)).isEmpty());
  }

  @Test
  void knowsWhatHasHungMachines() {
    var dangers = Dangers.known();

    assertThat(
            List.of(
                "_raw_spin_lock_irqsave",
                "queued_spin_lock_slowpath",
                "native_queued_spin_lock_slowpath",
                "migrate_disable",
                "preempt_count_add",
                "__rcu_read_unlock",
                "rcu_read_unlock_strict",
                "__bpf_prog_enter_recur",
                "htab_map_update_elem",
                "arch_cpu_idle",
                "default_idle",
                "ktime_get_mono_fast_ns",
                "do_exit",
                "vprintk_emit"))
        .allSatisfy(name -> assertThat(dangers.of(name)).isPresent());
  }

  @Test
  void saysWhyInAListOfItsOwn() {
    assertThat(Dangers.known().of("do_exit")).contains("never returns");
    assertThat(Dangers.known().of("vfs_read")).isEmpty();
    assertThat(Dangers.ignored().of("do_exit")).isEmpty();
  }
}
