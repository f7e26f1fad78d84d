/* SPDX-License-Identifier: GPL-2.0 */
/* The lives of processes: programs started (here), calls that started none (failed_exec.bpf.h), processes
 * created and ended (process_exit.bpf.h). */
#define BUILDERS 4
enum { BUILDER_OF_EXECS, BUILDER_OF_FAILED_EXECVE, BUILDER_OF_FAILED_EXECVEAT, BUILDER_OF_EXITS };

#include "exec_event.bpf.h"
#include "failed_exec.bpf.h"
#include "process_exit.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* The new program is in place, and this thread has become its first. */
SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, u32 old_tid, struct linux_binprm *binary)
{
    if (old_tid != (u32)bpf_get_current_pid_tgid()) /* its return will not find the call under the new tid */
        bpf_map_delete_elem(&calls_by_thread, &old_tid);
    if (events && !exit_comes_early())
        remember_executable(task, BPF_ANY);
    if (!is_observed())
        return 0;
    count_exec(0);
    if (!events)
        return 0;

    struct process_exec *e = exec_event(BUILDER_OF_EXECS, task, 0);
    if (!e)
        return 0;
    e->args_count = binary->argc;
    u64 at = offsetof(struct process_exec, texts);
    at = text_ends(&e->args, at, read_args ? put_arguments_of_image(BUILDER_OF_EXECS, at, task) : at);
    at = text_ends(&e->executable_path, at, put_path_of_file(BUILDER_OF_EXECS, at, task, executable_of(task)));
    at = put_surroundings(e, BUILDER_OF_EXECS, at, task);
    at = text_ends(&e->trace_parent, at, read_trace_parent ? put_trace_parent(BUILDER_OF_EXECS, at, task) : at);
    if (bounded(at, EVENT_BYTES))
        OUTPUT(process_execs, e, at);
    return 0;
}
