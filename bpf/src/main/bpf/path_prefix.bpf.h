/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* A filter by where a path begins, byte for byte: "/etc" is also the beginning of "/etcetera". */
#include "types.bpf.h"

#define PREFIX_BYTES 256

const volatile char only_path_prefix[PREFIX_BYTES];
const volatile u32 only_path_prefix_length; /* 0: all paths */

static __always_inline bool has_only_prefix(const char *path, u32 length)
{
    if (length < only_path_prefix_length)
        return false;
    for (u32 i = 0; i < PREFIX_BYTES && i < only_path_prefix_length; i++)
        if (path[i] != only_path_prefix[i])
            return false;
    return true;
}
