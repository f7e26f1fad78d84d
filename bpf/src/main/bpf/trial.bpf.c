/* SPDX-License-Identifier: GPL-2.0 */
/* Programs that do nothing, one of each kind that attaches to something: whether a kernel lets this kind attach
 * to a certain place is found out with them, before a large program is verified in vain. No receiver's. */
#include "types.bpf.h"

char LICENSE[] SEC("license") = "GPL";

#define BY(kind) \
    SEC(#kind) int by_##kind(void *ctx) { return 0; }

BY(fentry)
BY(fexit)
BY(kprobe)
BY(kretprobe)
BY(tracepoint)
