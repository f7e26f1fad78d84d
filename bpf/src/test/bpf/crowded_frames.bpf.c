// SPDX-License-Identifier: GPL-2.0
// The same with places for two frames, so that most calls find theirs taken.
#define FRAMES_LOG2 1
#include "frames.bpf.c"
